import { call, type AcceptOptions, type AuditRecord, type Sink } from '@flyball/core/evidence';
import { messageOf, warnings, type WarningOptions } from '../warnings.ts';

/**
 * How long one of the other sinks may take for a record before it counts as failed, in milliseconds. Nobody waits for
 * it.
 */
const OTHERS_DEADLINE_MS = 10_000;

/**
 * Records go to the first sink, which decides whether a record was accepted, and to others besides, which nobody waits
 * for: what they refuse is a warning, and stops nothing.
 *
 *     const audit = teeSinks(await openLog({ file: 'flyball.db' }), [createJsonLinesSink({ folder: '/var/log/flyball' })]);
 */
export function teeSinks(first: Sink, others: readonly Sink[], options: WarningOptions = {}): Sink {
  const say = warnings(options, 'audit');
  const failing = new Set<Sink>();

  async function copy(other: Sink, record: AuditRecord): Promise<void> {
    const told = await call('audit', other.name, () => other.accept(record, QUEUED), {
      deadlineMs: OTHERS_DEADLINE_MS,
    });
    if (told.ok === !failing.has(other)) return;
    if (told.ok) failing.delete(other);
    else failing.add(other);
    say(`the sink \`${other.name}\` ${told.ok ? 'takes records again' : `refuses records: ${messageOf(told.cause)}`}`);
  }

  const all = [first, ...others];
  return {
    name: first.name,
    ...(first.offersDurable !== undefined && { offersDurable: first.offersDurable }),
    accept(record, options) {
      for (const other of others) void copy(other, record);
      return first.accept(record, options);
    },
    flush: () => settleAll(all.map(async (sink) => sink.flush?.())),
    close: () => settleAll(all.map(async (sink) => sink.close?.())),
  };
}

const QUEUED: AcceptOptions = Object.freeze({ durable: false });

/** All of them are asked, whichever fails; rejects with the first failure. */
async function settleAll(answers: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(answers)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}
