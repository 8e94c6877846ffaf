// For authors of sinks: the promises that every sink of records keeps. Published as `@flyball/testing/sink-suite`.
import type { AuditRecord, PolicyRecord, Sink } from '@flyball/core/evidence';
import type { TestTools } from './test-tools.ts';

/** How a sink is opened: fields that a sink does not know it ignores. */
export interface SinkSettings {
  readonly durability?: 'queued' | 'durable';
  readonly commitWindowMs?: number;
  readonly capacity?: number;
  readonly overflow?: 'refuse' | 'shed';
}

/** An empty place for records. */
export interface SinkHarness {
  /** Opens the sink on it. Called again only after the one before was closed. */
  open(settings?: SinkSettings): Sink | Promise<Sink>;
  /** What is kept there, in order, read as another process would: parsed, and of every kind. */
  records(): readonly unknown[] | Promise<readonly unknown[]>;
  /** Makes writing fail, and answers how to mend it. Absent only where nothing can fail. */
  fail?(): (() => unknown) | Promise<() => unknown>;
  /**
   * False: the place cannot tell that it has a record already, and keeps one that arrived twice twice. Default true.
   */
  readonly knowsIds?: boolean;
  /** Removes the place. */
  close(): unknown;
}

interface Case {
  readonly sink: Sink;
  readonly harness: SinkHarness;
}

const NEVER_MS = 600_000;
const SOON_MS = 5000;
const DAY_MS = 86_400_000;

/** Strings that some formats and databases have no place for, or write in two ways. */
const TEXTS = [
  '',
  'a\nb\r\u2028',
  '"\\',
  '\u0000\u0007\u001f',
  'é e\u0301',
  '😀',
  '\ufffd\ufffe',
  '{"a":1}',
  "'; drop table audit; --",
  // As long as names may be, and no shorter when it is packed.
  Array.from({ length: 512 }, (_, i) => String.fromCharCode(0x4e00 + ((i * i * 7919) % 20_000))).join(''),
];

/** What sinks have that keep records for a declared time: `hold`, `shred` and `expire` of `@flyball/audit`. */
interface Retaining {
  hold(scope: { readonly tenant: string; readonly user?: string }, by: By): Promise<unknown>;
  shred(subject: { readonly tenant: string; readonly user?: string }, by: By): Promise<unknown>;
  expire(options: { readonly days: number }, by: By): Promise<unknown>;
}
interface By {
  readonly who: string;
  readonly why: string;
}
const isRetaining = (sink: object): sink is Sink & Retaining =>
  ['hold', 'shred', 'expire'].every(
    (name) => typeof (sink as { readonly [name: string]: unknown })[name] === 'function',
  );

let made = 0;
function recordOf(text = ''): PolicyRecord & { readonly auditId: string } {
  const at = Date.UTC(2026, 10, 28, 23, 59) + made;
  return {
    schemaVersion: 1,
    kind: 'policy',
    auditId: `aud_${++made}`,
    at,
    policyId: 'p',
    change: 'rejected',
    problems: [text],
  };
}

/**
 * Ids of the records of the suite, each once, in the order in which they first came; records of the sink's own are left
 * out.
 */
function idsOf(records: readonly unknown[]): readonly string[] {
  const ids = records.flatMap((record) => {
    const { kind, auditId } = record as AuditRecord;
    return kind === 'policy' ? [auditId] : [];
  });
  return [...new Set(ids)];
}

async function until(true_: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + SOON_MS; Date.now() < end;) {
    if (await true_()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function refusal(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch {
    return 'refused';
  }
}

/** True if the promise is still open after everything that was due has run. */
async function isOpen(promise: void | Promise<void>): Promise<boolean> {
  const late = Symbol('late');
  const after = new Promise((resolve) => setTimeout(() => resolve(late), 300));
  return (await Promise.race([promise, after])) === late;
}

/**
 * Registers a test for each promise (A1). Call it in a test file with the framework's own functions.
 *
 *     describeSink('my sink', () => ({ open: openSink, records, close }), { describe, it, expect });
 */
export function describeSink(name: string, make: () => SinkHarness | Promise<SinkHarness>, tools: TestTools): void {
  const { describe, it, expect } = tools;
  const test = (sentence: string, settings: SinkSettings, body: (one: Case) => Promise<void>): void =>
    it(sentence, async () => {
      const harness = await make();
      try {
        const sink = await harness.open(settings);
        try {
          await body({ sink, harness });
        } finally {
          await Promise.resolve(sink.close?.()).catch(() => {});
        }
      } finally {
        await harness.close();
      }
    });
  const offer = (sink: Sink, records: readonly AuditRecord[]): Promise<unknown> =>
    Promise.all(records.map(async (record) => sink.accept(record, { durable: false })));

  describe(`${name}: A1`, () => {
    test('keeps what it accepted as it was, in order', {}, async ({ sink, harness }) => {
      const records = TEXTS.map((text) => recordOf(text));
      await offer(sink, records);
      await sink.flush?.();
      const kept = (await harness.records()).filter((record) => (record as AuditRecord).kind === 'policy');
      expect(kept).toEqual(records);
    });

    test('keeps what is about subjects, rules and interactions of any name', {}, async ({ sink, harness }) => {
      const records = TEXTS.map((text) => {
        const decision = { outcome: 'BLOCK', interactionId: text, verdict: { ruleId: text } };
        return { ...recordOf(), kind: 'decision', decision, event: { subject: { tenant: text, user: text } } };
      });
      await offer(sink, records as never);
      await sink.flush?.();
      const kept = (await harness.records()).filter((record) => (record as AuditRecord).kind === 'decision');
      expect(kept).toEqual(records);
    });

    test(
      'keeps what is accepted while it writes, all of it and in order',
      { commitWindowMs: 1 },
      async ({ sink, harness }) => {
        const records = Array.from({ length: 2000 }, () => recordOf());
        for (let at = 0; at < records.length; at += 100) {
          await offer(sink, records.slice(at, at + 100));
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await sink.flush?.();
        expect(idsOf(await harness.records())).toEqual(records.map(({ auditId }) => auditId));
      },
    );

    test('writes what waits within its window, unasked', { commitWindowMs: 20 }, async ({ sink, harness }) => {
      const record = recordOf();
      await offer(sink, [record]);
      expect(await until(async () => idsOf(await harness.records()).includes(record.auditId))).toEqual(true);
    });

    test(
      'one that offers it keeps a record before it accepts it, when asked',
      { commitWindowMs: NEVER_MS },
      async ({ sink, harness }) => {
        const [waiting, durable] = [recordOf(), recordOf()];
        await offer(sink, [waiting]);
        await sink.accept(durable, { durable: true });
        if (sink.offersDurable === true)
          expect(idsOf(await harness.records())).toEqual([waiting.auditId, durable.auditId]);
      },
    );

    test(
      'writes what waits when it is closed, takes nothing afterwards, and closes once',
      { commitWindowMs: NEVER_MS },
      async ({ sink, harness }) => {
        const record = recordOf();
        await offer(sink, [record]);
        await Promise.all([sink.close?.(), sink.close?.()]);
        expect(idsOf(await harness.records())).toEqual([record.auditId]);
        expect(await refusal(() => sink.accept(recordOf(), { durable: false }))).toEqual('refused');
      },
    );

    test('goes on where it was after a start', {}, async ({ sink, harness }) => {
      const [first, second] = [recordOf(), recordOf()];
      await offer(sink, [first]);
      await sink.close?.();
      const again = await harness.open();
      await offer(again, [second]);
      await again.close?.();
      expect(idsOf(await harness.records())).toEqual([first.auditId, second.auditId]);
    });

    test(
      'one record that cannot be written keeps no other from being kept',
      { commitWindowMs: 1 },
      async ({ sink, harness }) => {
        const circle: unknown[] = [];
        circle.push(circle);
        const [before, after] = [recordOf(), recordOf()];
        await offer(sink, [before]);
        await refusal(() => sink.accept({ ...recordOf(), problems: circle as string[] }, { durable: false }));
        await offer(sink, [after]);
        const ids = [before.auditId, after.auditId];
        await until(async () => idsOf(await harness.records()).length === ids.length);
        expect(idsOf(await harness.records())).toEqual(ids);
      },
    );

    test(
      'one that keeps records for a time says how many it took away, and how many a hold kept',
      {},
      async ({ sink, harness }) => {
        if (!isRetaining(sink)) return;
        const by = { who: 'dpo', why: 'request 12' };
        const about = (user: string) => {
          const decision = { outcome: 'ALLOW', interactionId: 'int_1', verdict: {} };
          const at = Date.now() - 2 * DAY_MS;
          return { ...recordOf(), kind: 'decision', at, decision, event: { subject: { tenant: 'acme', user } } };
        };
        await offer(sink, ['ada', 'ada', 'bob', 'bob', 'bob'].map(about) as never);
        await sink.flush?.();
        await sink.hold({ tenant: 'acme', user: 'ada' }, by);
        const [shredded, nobody] = [await sink.shred({ tenant: 'acme' }, by), await sink.shred({ tenant: 'x' }, by)];
        const expired = await sink.expire({ days: 1 }, by);
        await sink.flush?.();
        const counts = (one: unknown): object => {
          const { removed, held } = one as { readonly removed: number; readonly held: number };
          return { removed, held };
        };
        const answers = [shredded, nobody, expired].map(counts);
        expect(answers).toEqual([
          { removed: 3, held: 2 },
          { removed: 0, held: 0 },
          { removed: 0, held: 2 },
        ]);
        const records = await harness.records();
        expect(records.filter((record) => (record as { kind: string }).kind === 'shred').map(counts)).toEqual(answers);
      },
    );

    test('has a record once, however often it is given', {}, async ({ sink, harness }) => {
      if (harness.knowsIds === false) return;
      const record = recordOf();
      await offer(sink, [record, record]);
      await sink.flush?.();
      await offer(sink, [record]);
      await sink.flush?.();
      expect((await harness.records()).filter((kept) => (kept as AuditRecord).auditId === record.auditId)).toEqual([
        record,
      ]);
    });
  });

  describe(`${name}: A1 while nothing can be written`, () => {
    const broken = (
      sentence: string,
      settings: SinkSettings,
      body: (one: Case & { mend: () => unknown }) => Promise<void>,
    ): void =>
      test(sentence, settings, async ({ sink, harness }) => {
        if (harness.fail === undefined) return;
        await sink.flush?.();
        const mend = await harness.fail();
        let mended = false;
        try {
          await body({
            sink,
            harness,
            mend: async () => {
              mended = true;
              await mend();
            },
          });
        } finally {
          if (!mended) await mend();
        }
      });

    broken(
      'records wait, and none is lost or out of its place once it can',
      { commitWindowMs: 1 },
      async ({ sink, harness, mend }) => {
        const records = Array.from({ length: 600 }, () => recordOf());
        await offer(sink, records.slice(0, 300));
        await new Promise((resolve) => setTimeout(resolve, 100));
        await offer(sink, records.slice(300));
        expect(idsOf(await harness.records())).toEqual([]);
        await mend();
        const ids = records.map(({ auditId }) => auditId);
        expect(await until(async () => idsOf(await harness.records()).length === ids.length)).toEqual(true);
        expect(idsOf(await harness.records())).toEqual(ids);
      },
    );

    broken(
      'a record that must be kept first is not accepted before it is',
      { commitWindowMs: 1 },
      async ({ sink, mend, harness }) => {
        if (sink.offersDurable !== true) return;
        const record = recordOf();
        const accepted = sink.accept(record, { durable: true });
        expect(await isOpen(accepted)).toEqual(true);
        await mend();
        await accepted;
        expect(idsOf(await harness.records())).toEqual([record.auditId]);
      },
    );

    broken(
      'with no room left it refuses, and keeps what it had accepted',
      { commitWindowMs: 1, capacity: 5 },
      async ({ sink, harness, mend }) => {
        const records = Array.from({ length: 8 }, () => recordOf());
        const answers: string[] = [];
        for (const record of records) answers.push(await refusal(() => sink.accept(record, { durable: false })));
        expect(answers).toEqual([...Array.from({ length: 5 }, () => 'accepted'), 'refused', 'refused', 'refused']);
        await mend();
        await until(async () => idsOf(await harness.records()).length === 5);
        expect(idsOf(await harness.records())).toEqual(records.slice(0, 5).map(({ auditId }) => auditId));
      },
    );

    broken(
      'or sheds, and says how many are missing',
      { commitWindowMs: 1, capacity: 5, overflow: 'shed' },
      async ({ sink, harness, mend }) => {
        const records = Array.from({ length: 8 }, () => recordOf());
        await offer(sink, records);
        await mend();
        const gaps = async (): Promise<number> =>
          (await harness.records()).reduce<number>((sum, record) => {
            const { kind, lost = 0 } = record as { readonly kind: string; readonly lost?: number };
            return kind === 'gap' ? sum + lost : sum;
          }, 0);
        await until(async () => (await gaps()) > 0);
        expect([idsOf(await harness.records()).length, await gaps()]).toEqual([5, 3]);
      },
    );
  });
}
