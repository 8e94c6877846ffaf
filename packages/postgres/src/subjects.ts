import {
  addAmount,
  afterStepBack,
  amendRung,
  countStrike,
  emptyRung,
  emptySums,
  emptyTally,
  joinLabels,
  lookAt,
  reserve,
  roomIn,
  roomInSums,
  take,
  waitFor,
  waitForRoom,
  type Bucket,
  type Charge,
  type Look,
  type Looked,
  type Room,
  type Store,
  type Sums,
  type Tally,
} from '@flyball/core/store';
import type { Connection, Query } from './connection.ts';
import { announce, type Started } from './changes.ts';
import { labels, reserved, rowOf, rung, sums, tally, type RowOfSums } from './rows.ts';
import { lockRows, openRows, type Rows } from './transaction.ts';
import { createTurns } from './turns.ts';

type Subjects = Pick<Store, 'charge' | 'report' | 'release' | 'strike' | 'labels' | 'look' | 'amend'>;

export interface SubjectsOptions {
  readonly connection: Connection;
  readonly schema: string;
  readonly channel: string;
  readonly testClock: (() => number) | undefined;
  /** Longest wait of a caller. */
  readonly deadlineMs: number;
}

/** Counts, sums, ladders and labels. The arithmetic is the core's; here is only what is read and written. */
export function createSubjects(options: SubjectsOptions): Subjects {
  const { connection, schema, channel, testClock } = options;
  const turns = createTurns(options.deadlineMs);
  const change = <T>(
    keys: readonly string[],
    ids: readonly string[],
    body: (rows: Rows, query: Query) => T | Promise<T>,
  ): Promise<T> =>
    turns(keys, () =>
      connection.transaction(
        async (query) => {
          const rows = await openRows(query, schema, keys, ids, testClock);
          const answer = await body(rows, query);
          await rows.save(query);
          return answer;
        },
        lockRows(schema, keys),
      ),
    );

  return {
    charge: (charges) =>
      change(
        charges.map(rowOfCharge),
        charges.flatMap(({ kind, key, id }) => (kind === 'reserve' ? [rowOfId(key, id)] : [])),
        (rows) => {
          const weighed = charges.map((charge) => weigh(rows, charge));
          const admitted = weighed.every(({ retryAfterMs }) => retryAfterMs === 0);
          return weighed.map(({ retryAfterMs, take: takeIt, room }) => {
            const fresh = admitted && takeIt();
            return { exceeded: retryAfterMs > 0, retryAfterMs, fresh, ...room() };
          });
        },
      ),

    report: (amounts) =>
      change(
        amounts.map(({ key }) => rowOf('sums', key)),
        amounts.map(({ key, id }) => rowOfId(key, id)),
        (rows) => {
          for (const amount of amounts) {
            withSums(rows, amount, (of) => addAmount(of, amount, rows.now));
          }
        },
      ),

    release: (holds) =>
      change(
        holds.map(({ key }) => rowOf('tally', key)),
        [],
        (rows) => {
          for (const { key, id } of holds) {
            const row = rowOf('tally', key);
            const held = rows.read(row, tally.read);
            if (held?.delete(id) === true) rows.write(row, tally.write(held), rows.now);
          }
        },
      ),

    strike: (strikes) =>
      change(
        strikes.map(({ key }) => rowOf('rung', key)),
        [],
        async (rows, query) => {
          const started: Started[] = [];
          const answers = strikes.map((strike) => {
            const row = rowOf('rung', strike.key);
            const on = rows.read(row, rung.read) ?? emptyRung();
            const { result, cooledUntil, forgetAt } = countStrike(on, strike, rows.now);
            rows.write(row, rung.write(on), forgetAt);
            if (cooledUntil !== undefined) started.push({ key: strike.key, until: cooledUntil, lifted: false });
            return result;
          });
          if (started.length > 0) await announce(query, schema, channel, started);
          return answers;
        },
      ),

    labels: ({ key, add, rememberMs }) =>
      change([rowOf('labels', key)], [], (rows) => {
        const row = rowOf('labels', key);
        const all = joinLabels(rows.read(row, labels.read) ?? [], add);
        if (add.length > 0) rows.write(row, labels.write(all), rows.now + rememberMs);
        return all;
      }),

    look: (asked) =>
      change(
        asked.map(({ key, ...one }) =>
          rowOf(one.of === 'ladder' ? 'rung' : one.kind === 'sum' ? 'sums' : 'tally', key),
        ),
        [],
        (rows) => asked.map((one) => lookOne(rows, one)),
      ),

    amend(amendment) {
      const { key } = amendment;
      if (amendment.op === 'reset') {
        const row = rowOf(amendment.kind === 'sum' ? 'sums' : 'tally', key);
        return change([row], [], async (rows, query) => {
          if (amendment.kind !== 'sum') rows.write(row, tally.write(emptyTally()), rows.now);
          else {
            const held = rows.read(row, sums.read) ?? emptyRow();
            const reset = { ...held, buckets: new Map<number, Bucket>(), cleared: held.cleared + 1 };
            rows.write(row, sums.write(reset), rows.now + 2 * amendment.perMs);
          }
          await announce(query, schema, channel, [{ key, until: rows.now + amendment.perMs, lifted: true }]);
          return lookOne(rows, { of: 'limit', ...amendment });
        });
      }
      const row = rowOf('rung', key);
      return change([row], [], async (rows, query) => {
        const on = rows.read(row, rung.read) ?? (amendment.op === 'put_on' ? emptyRung() : undefined);
        if (on === undefined) return lookAt(undefined, amendment.ladder, rows.now);
        const { cooledUntil, liftedUntil, forgetAt } = amendRung(on, amendment, rows.now);
        rows.write(row, rung.write(on), forgetAt);
        const until = cooledUntil ?? liftedUntil;
        if (until !== undefined) {
          await announce(query, schema, channel, [{ key, until, lifted: cooledUntil === undefined }]);
        }
        return lookAt(on, amendment.ladder, rows.now);
      });
    },
  };
}

function lookOne(rows: Rows, look: Look): Looked {
  if (look.of === 'ladder') return lookAt(rows.read(rowOf('rung', look.key), rung.read), look.ladder, rows.now);
  const room =
    look.kind === 'sum'
      ? roomInSums(rows.read(rowOf('sums', look.key), sums.read) ?? emptySums(), look, rows.now)
      : roomIn(rows.read(rowOf('tally', look.key), tally.read) ?? emptyTally(), look, rows.now);
  return { of: 'limit', ...room };
}

const emptyRow = (): RowOfSums => ({ ...emptySums(), cleared: 0 });
const rowOfId = (key: string, id: string): string => rowOf('id', key, id);
const rowOfCharge = ({ kind, key }: Charge): string =>
  rowOf(kind === 'sum' || kind === 'reserve' ? 'sums' : 'tally', key);

interface Weighed {
  readonly retryAfterMs: number;
  readonly take: () => boolean;
  readonly room: () => Room;
}

/** How long a charge would have to wait, how it is recorded, and how much fits after that. Asking changes nothing. */
function weigh(rows: Rows, charge: Charge): Weighed {
  const { kind, perMs } = charge;
  const roomNow = (): Room => roomInSums(rows.read(rowOfCharge(charge), sums.read) ?? emptySums(), charge, rows.now);
  if (kind === 'sum') {
    return {
      retryAfterMs: withSums(rows, charge, (of) => waitForRoom(of, charge, rows.now), false),
      take: () => false,
      room: roomNow,
    };
  }
  if (kind === 'reserve') {
    return {
      retryAfterMs: withSums(rows, charge, (of) => waitForRoom(of, charge, rows.now), false),
      take: () => withSums(rows, charge, (of) => reserve(of, charge, rows.now)),
      room: roomNow,
    };
  }
  const row = rowOfCharge(charge);
  const counted: Tally = rows.read(row, tally.read) ?? emptyTally();
  // Written at once: what is refused must see the end of its wait.
  if ([...counted.values()].some((at) => at > rows.now)) {
    rows.write(row, tally.write(afterStepBack(counted, rows.now)), rows.now + perMs);
  }
  return {
    retryAfterMs: waitFor(counted, charge, rows.now),
    take() {
      const fresh = take(counted, charge, rows.now);
      rows.write(row, tally.write(counted), rows.now + perMs);
      return fresh;
    },
    room: () => roomIn(counted, charge, rows.now),
  };
}

/** Works on the sums of a key and the one id that matters: a call costs the same however many ids there are. */
function withSums<T>(
  rows: Rows,
  { key, id, perMs }: Pick<Charge, 'key' | 'id' | 'perMs'>,
  work: (of: Sums) => T,
  keep = true,
): T {
  const row = rowOf('sums', key);
  const idRow = rowOfId(key, id);
  const of = rows.read(row, sums.read) ?? emptyRow();
  const known = rows.id(idRow);
  if (known !== undefined) {
    const { cleared, reserved: amount } = reserved.read(known.reserved);
    const ids = new Map([
      [of.generation, of.current],
      [of.generation - 1, of.previous],
    ]).get(known.generation);
    if (cleared === of.cleared) ids?.set(id, amount);
  }
  const steppedBack = [...of.buckets.values()].some(({ last }) => last > rows.now);
  const answer = work(of);
  if (!keep && !steppedBack) return answer;
  const forgetAt = rows.now + 2 * perMs;
  rows.write(row, sums.write(of), forgetAt);
  for (const [ids, generation] of [
    [of.current, of.generation],
    [of.previous, of.generation - 1],
  ] as const) {
    if (ids.has(id)) {
      rows.writeId(idRow, { reserved: reserved.write(ids.get(id), of.cleared), generation }, forgetAt);
      return answer;
    }
  }
  rows.deleteId(idRow);
  return answer;
}
