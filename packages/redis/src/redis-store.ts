import {
  controlKey,
  joinLabels,
  labelsFull,
  MAX_LABELS,
  notify,
  StoreError,
  tenantPart,
  withTimeout,
  type ChargeAnswer,
  type ControlChange,
  type LadderStrike,
  type LadderTerms,
  type Looked,
  type Push,
  type Store,
  type StrikeResult,
  type SyncAnswer,
} from '@flyball/core/store';
import { decodeChange, decodePush, encodeRequest } from './change.ts';
import { clientAt, clientOf, createConnection, type RedisClient } from './connection.ts';
import type { Client } from './clients/client.ts';
import { watchEviction } from './eviction.ts';
import type { FunctionName } from './library.ts';
import { createWindows } from './windows.ts';

export type RedisStoreOptions = ({ readonly url: string } | { readonly client: RedisClient }) & {
  /** First part of every key and of the channel. Default `flyball:`. Processes that share it share their state. */
  readonly prefix?: string;
  /** Longest wait for a call that an event waits for. Default 25. */
  readonly deadlineMs?: number;
  /** Longest wait for controls and re-reads. Default 1,000. */
  readonly backgroundTimeoutMs?: number;
};

/** Where a test's time comes from; production uses the server's. */
export type TestClock = () => number;

/**
 * State shared by every process on one Redis 5 or later, Valkey, or a cluster of them. Each operation is one function
 * inside the server, timed by the server's clock; every call has its own deadline, and none is sent while there is no
 * connection.
 */
export function createRedisStore(options: RedisStoreOptions): Store {
  return createStore(options);
}

export function createStore(options: RedisStoreOptions, testClock?: TestClock): Store {
  const client = checkedClient(options ?? {});
  const { prefix = 'flyball:', deadlineMs = 25, backgroundTimeoutMs = 1000 } = options;
  const eviction = watchEviction(client);
  const connection = createConnection(client);
  const windows = createWindows(testClock ?? Date.now);
  const channel = `${prefix}changes`;
  const own = (name: string): string => `${prefix}{control}:${name}`;
  const index = ['active', 'versions', 'meta', 'lifted'].map(own);

  type Run = (name: FunctionName, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;
  const runner =
    (ms: number, background: boolean): Run =>
    (name, keys, args) =>
      withTimeout(() => connection.run({ name, keys, args, now: testClock?.(), background }), ms);
  /** For what an event waits for, and for what none does. */
  const run = runner(deadlineMs, false);
  const runInBackground = runner(backgroundTimeoutMs, true);

  /** `acme/limit/q` becomes `flyball:{acme}/limit/q`: what is in braces decides the slot. */
  const place = (key: string): string => {
    const tenant = tenantPart(key);
    return `${prefix}{${tenant}}${key.slice(tenant.length)}`;
  };
  const idsKey = (key: string): string => `${place(key)}:ids`;
  const sumsKey = (key: string): string => `${place(key)}:sums`;
  const sumKeys = (key: string): readonly string[] => [sumsKey(key), `${place(key)}:even`, `${place(key)}:odd`];
  const ladderKeys = (key: string): readonly string[] => [place(key), `${place(key)}:seen`];

  const limitKeys = ({ key, kind }: { readonly key: string; readonly kind: string }): readonly string[] =>
    kind === 'sum' ? sumKeys(key) : [idsKey(key)];

  /**
   * In a cluster the index of active cooldowns lives in another slot: it is told in a second step, which may be
   * repeated.
   */
  async function announce(strikes: readonly LadderStrike[], answers: readonly number[]): Promise<void> {
    for (const [i, { key }] of strikes.entries()) {
      if (answers[5 * i + 3]! > 0) await run('cooled', index, [channel, key, answers[5 * i + 4]!, '']);
    }
  }

  return {
    name: 'redis',
    shared: true,
    deadlineMs,

    // Written out: every decision with a limit comes through here.
    charge(charges) {
      const keys: string[] = [];
      for (const { key, kind } of charges) {
        if (kind === 'reserve') keys.push(...sumKeys(key));
        else keys.push(kind === 'sum' ? sumsKey(key) : idsKey(key));
      }
      const args = (): readonly (string | number)[] => {
        const listed: (string | number)[] = [];
        for (const charge of charges) {
          const { kind, id, allow, perMs, amount = 0, attempt = '' } = charge;
          // As one: each argument costs a client as much as all of these together.
          listed.push(`${kind} ${allow} ${perMs} ${windows.of(charge)} ${amount}`, id);
          if (kind === 'reserve') listed.push(attempt);
        }
        return listed;
      };
      const ask = (): Promise<unknown> => run('charge', keys, args());
      const dated = charges.some(({ calendar }) => calendar !== undefined);
      return (dated ? windows.agreeing(ask) : ask()).then((answer) => chargedOf(answer, charges.length));
    },

    async report(amounts) {
      const keys = amounts.flatMap(({ key }) => sumKeys(key));
      const args = (): readonly (string | number)[] =>
        amounts.flatMap(({ id, amount, perMs, attempt = '', ...terms }) => [
          ...[id, amount, perMs, windows.of(terms)],
          attempt,
        ]);
      await windows.agreeing(() => run('report', keys, args()));
    },

    async release(holds) {
      const keys = holds.map(({ key }) => idsKey(key));
      const args = holds.map(({ id }) => id);
      await run('release', keys, args);
    },

    async strike(strikes) {
      const keys = strikes.flatMap(({ key }) => ladderKeys(key));
      const args = [channel, strikes.length, ...strikes.flatMap(strikeArgs)];
      const all = connection.cluster ? keys : [...keys, ...index];
      const answers = numbers(await run('strike', all, args), 5 * strikes.length);
      if (connection.cluster) await announce(strikes, answers);
      return strikes.map((_, i): StrikeResult => {
        const [fresh, points, level, retryAfterMs] = answers.slice(5 * i);
        return { fresh: fresh === 1, points: points!, level: level!, retryAfterMs: retryAfterMs! };
      });
    },

    async labels({ key, add, rememberMs }) {
      const set = [place(key)];
      if (add.length === 0) return joinLabels(texts(await run('labelled', set, [])).map(fromJson), []);
      const answer = await run('label', set, [
        rememberMs,
        MAX_LABELS,
        ...new Set(add.map((name) => JSON.stringify(name))),
      ]);
      if (answer === null) throw labelsFull();
      return joinLabels(texts(answer).map(fromJson), []);
    },

    async look(asked) {
      const keys = asked.map((one) => (one.of === 'ladder' ? place(one.key) : limitKeys(one)[0]!));
      const args = (): readonly (string | number)[] =>
        asked.flatMap((one) =>
          one.of === 'ladder'
            ? ['ladder', ...termsArgs(one.ladder)]
            : [one.kind, one.allow, one.perMs, windows.of(one), '', '', ''],
        );
      const answers = await windows.agreeing(() => runInBackground('look', keys, args()));
      if (!Array.isArray(answers) || answers.length !== asked.length) throw nonsense(answers);
      return asked.map((one, i) => lookedOf(one.of, answers[i]));
    },

    async amend(amendment) {
      const { key } = amendment;
      const told = connection.cluster ? [] : index;
      if (amendment.op === 'reset') {
        const keys = limitKeys(amendment);
        const { kind, allow, perMs } = amendment;
        const args = (): readonly (string | number)[] => [
          ...[channel, key, keys.length, kind, allow, perMs],
          windows.of(amendment),
        ];
        const answer = await windows.agreeing(() => runInBackground('forget', [...keys, ...told], args()));
        const [, , until] = numbers(answer, 3);
        if (connection.cluster) await runInBackground('cooled', index, [channel, key, until!, 'lifted']);
        return lookedOf('limit', answer);
      }
      const { op, cause, ladder } = amendment;
      const forMs = op === 'put_on' ? amendment.forMs : '';
      const args = [channel, key, op, forMs, cause, ...termsArgs(ladder)];
      const answer = await runInBackground('amend', [place(key), ...told], args);
      const [until, how] = Array.isArray(answer) ? (answer.slice(4) as readonly unknown[]) : [];
      if (connection.cluster && Number(until) > 0) {
        await runInBackground('cooled', index, [channel, key, Number(until), String(how)]);
      }
      return lookedOf('ladder', answer);
    },

    async control(request) {
      const { kind, scope } = request.op === 'lift' ? request : request.control;
      const [op, ...rest] = encodeRequest(request);
      const keys = ['meta', 'controls', 'history', 'requests', 'forget', 'changed'].map(own);
      const text = await runInBackground('control', keys, [channel, op!, controlKey(kind, scope), ...rest]);
      if (text === null) return undefined;
      if (typeof text !== 'string') throw nonsense(text);
      return decodeChange(text);
    },

    async setAll(controls, forMs) {
      const keys = ['meta', 'controls', 'history', 'requests', 'forget', 'changed'].map(own);
      const args = controls.flatMap((control) => {
        const [, id, terms, by] = encodeRequest({ op: 'set', control }) as [string, string, string, string];
        return [controlKey(control.kind, control.scope), id, terms, by];
      });
      return texts(await runInBackground('set_all', keys, [channel, forMs ?? '', ...args])).map(decodeChange);
    },

    async history(limit) {
      const lines = await runInBackground('history', [own('history')], [limit]);
      return texts(lines).map(decodeChange);
    },

    async sync(since, process = '') {
      const keys = SYNCED.map(own);
      const answer = await runInBackground('sync', keys, [since?.incarnation ?? '', since?.epoch ?? '', process]);
      if (!Array.isArray(answer) || answer.length !== 6) throw nonsense(answer);
      const [incarnation, epoch, now, full, controls, cooled] = answer as readonly unknown[];
      if (!Array.isArray(cooled)) throw nonsense(cooled);
      const flat = cooled as readonly unknown[];
      const cooldowns: { key: string; retryAfterMs: number }[] = [];
      for (let i = 0; i < flat.length; i += 2) {
        cooldowns.push({ key: String(flat[i]), retryAfterMs: Number(flat[i + 1]) });
      }
      return {
        incarnation: String(incarnation),
        epoch: Number(epoch),
        now: Number(now),
        full: full === 1,
        ...(controls !== null && changesOf(full === 1, texts(controls).map(decodeChange))),
        cooldowns,
      };
    },

    async processes(leaving = '') {
      const answer = await runInBackground('processes', [own('processes'), own('known')], [leaving]);
      const flat = texts(answer);
      return flat.flatMap((process, i) =>
        i % 3 === 0 ? [{ process, epoch: Number(flat[i + 1]), agoMs: Number(flat[i + 2]) }] : [],
      );
    },

    subscribe(listener: (push: Push) => void) {
      // What is thrown in a handler of the client's would end the process.
      const tell = (push: Push): void => notify([listener], [push]);
      return connection.listen(channel, {
        onMessage(message) {
          const push = decodePush(message);
          if (push !== undefined) tell(push);
        },
        onConnected: () => tell({ kind: 'connected' }),
        onLost: (cause) => tell({ kind: 'lost', cause }),
      });
    },

    warning: eviction.warning,

    close() {
      eviction.close();
      return connection.close();
    },
  };
}

const SYNCED = ['meta', 'controls', 'active', 'versions', 'lifted', 'changed', 'processes', 'known', 'requests'];

type GivenOptions = Partial<{
  url: string;
  client: RedisClient;
  prefix: string;
  deadlineMs: number;
  backgroundTimeoutMs: number;
}>;

const OPTIONS: readonly string[] = ['url', 'client', 'prefix', 'deadlineMs', 'backgroundTimeoutMs'];

function checkedClient(options: GivenOptions): Client {
  const wrong = (message: string): StoreError => new StoreError('REDIS_OPTIONS', message, { failure: 'UNAVAILABLE' });
  // A misspelt `prefix` would share the keys of another application.
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw wrong(`the store has no option \`${unknown}\`; it has ${OPTIONS.join(', ')}`);
  if ((options.url === undefined) === (options.client === undefined)) {
    throw wrong('give the store either a `url` or a `client`');
  }
  for (const name of ['deadlineMs', 'backgroundTimeoutMs'] as const) {
    const ms: unknown = options[name];
    if (ms !== undefined && !(typeof ms === 'number' && ms > 0)) {
      throw wrong(`\`${name}\` must be a number of milliseconds above 0`);
    }
  }
  if (typeof (options.prefix ?? '') !== 'string') throw wrong('`prefix` must be a string');
  if (/[{}]/.test(options.prefix ?? '')) {
    throw wrong(`the prefix \`${options.prefix}\` has braces, which decide the cluster slot: leave them out`);
  }
  if (options.url !== undefined) return clientAt(options.url);
  const client = clientOf(options.client);
  if (client === undefined) {
    throw wrong(
      '`client` is none that is known: give a `Redis` or `Cluster` of ioredis, a client of `redis`, or a `url`',
    );
  }
  return client;
}

function termsArgs({ after, forMs, escalate }: LadderTerms): readonly (string | number)[] {
  const climb = escalate === undefined ? ['', '', ''] : [escalate.factor, escalate.maxMs, escalate.forgetMs];
  return [after.strikes, after.withinMs, forMs, ...climb];
}

function strikeArgs({ key, id, offences, ladder, rememberMs, cause = '' }: LadderStrike): readonly (string | number)[] {
  const listed = offences.flatMap((offence) => [offence.key, offence.points]);
  return [key, id, rememberMs, ...termsArgs(ladder), cause, offences.length, ...listed];
}

function changesOf(full: boolean, changes: readonly ControlChange[]): Pick<SyncAnswer, 'controls' | 'changes'> {
  return full ? { controls: changes.map(({ control }) => control) } : { changes };
}

function lookedOf(of: Looked['of'], answer: unknown): Looked {
  const [a, b, c, cause] = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (typeof a !== 'number' || typeof b !== 'number') throw nonsense(answer);
  if (of === 'limit') return { of, remaining: a, resetMs: b };
  if (typeof c !== 'number' || typeof cause !== 'string') throw nonsense(answer);
  return { of, points: a, level: b, retryAfterMs: c, ...(cause !== '' && { cause }) };
}

function chargedOf(answer: unknown, count: number): readonly ChargeAnswer[] {
  const given = numbers(answer, 4 * count);
  const charged: ChargeAnswer[] = [];
  for (let i = 0; i < given.length; i += 4) {
    const retryAfterMs = given[i]!;
    const [fresh, remaining, resetMs] = [given[i + 1] === 1, given[i + 2]!, given[i + 3]!];
    charged.push({ exceeded: retryAfterMs > 0, retryAfterMs, fresh, remaining, resetMs });
  }
  return charged;
}

function numbers(answer: unknown, count: number): readonly number[] {
  if (Array.isArray(answer) && answer.length === count && answer.every((value) => typeof value === 'number')) {
    return answer;
  }
  throw nonsense(answer);
}

// JSON keeps apart what UTF-8 does not, such as lone surrogates.
const fromJson = (text: string): string => String(JSON.parse(text));

function texts(answer: unknown): readonly string[] {
  if (Array.isArray(answer)) return answer.map(String);
  throw nonsense(answer);
}

function nonsense(answer: unknown): StoreError {
  return new StoreError(
    'REDIS_ANSWER',
    `redis gave an answer that is not the library's: \`${JSON.stringify(answer)}\``,
    {
      failure: 'INVALID_ANSWER',
    },
  );
}
