import { afterEach, describe, expect, it } from 'vitest';
import type { Sink } from '../audit/sink.ts';
import type { AuditRecord } from '../contract/record.ts';
import { defineDetector } from '../detectors/detector.ts';
import { createGovernor, type GovernorOptions } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Governor } from './api.ts';
import type { GovernorEvent } from './lifecycle/events.ts';

/** Far above every deadline here, far below a hang. */
const LATE_MS = 3000;
const DEADLINE = '50ms';
const never = (): Promise<never> => new Promise(() => {});

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await inTime('close', governor.close());
});

async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs`)), LATE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function governed(options: Partial<GovernorOptions>, policy: object = {}): Promise<Governor> {
  // Loading the packs takes its time on a busy machine: the limit of the test is enough.
  const governor = await createGovernor({
    policy: { policy: 'p', version: 1, deadline: DEADLINE, ...policy } as never,
    ...options,
  });
  open.push(governor);
  return governor;
}

const reasonOf = async (governor: Governor): Promise<string> =>
  (await inTime('decide', governor.decide(governor.interaction({ tenant: 't', user: 'u' }).event(INPUT)))).reason;
const INPUT = { stage: 'input', content: 'hello' } as const;

const sinkThat = (hangsOn: (record: AuditRecord) => boolean): Sink => ({
  name: 'slow-disk',
  accept: (record) => (hangsOn(record) ? never() : undefined),
});

describe('a part that never answers', () => {
  it('detector: the declared failure, within the deadline', async () => {
    const detector = defineDetector({ id: 'slow', version: '1', types: ['slow'], detect: never });
    const rule = { id: 'a', on: 'input', detect: 'slow', then: 'block', reason: 'P_SLOW' };
    expect(await reasonOf(await governed({ detectors: [detector] }, { rules: [rule] }))).toBe('FAILED_CLOSED');
    expect(await reasonOf(await governed({ detectors: [detector] }, { rules: [rule], onError: 'no_op' }))).toBe(
      'FAILED_OPEN',
    );
  });

  it('sink: A1: under `onError: block` the decision is a block, under `no_op` it stands, in shadow it stops nothing', async () => {
    const audit = sinkThat(({ kind }) => kind === 'decision');
    expect(await reasonOf(await governed({ audit }))).toBe('AUDIT_UNAVAILABLE');
    expect(await reasonOf(await governed({ audit }, { onError: 'no_op' }))).toBe('NOT_GOVERNED');
    expect(await reasonOf(await governed({ audit }, { mode: 'shadow' }))).toBe('SHADOWED');
  });

  it('sink: it is said, with the name of the sink', async () => {
    const heard: GovernorEvent[] = [];
    const governor = await governed({ audit: sinkThat(() => true), onEvent: (event) => heard.push(event) });
    await reasonOf(governor);
    expect(heard.filter(({ kind }) => kind === 'failure')).toContainEqual(
      expect.objectContaining({ failure: { part: 'audit', id: 'slow-disk', code: 'TIMEOUT' } }),
    );
    expect(governor.status().auditRefused).toBeGreaterThan(0);
  });

  it('sink: the first record of a stream: it opens stopped', async () => {
    const governor = await governed({ audit: sinkThat(({ kind }) => kind === 'opened') });
    const gate = await inTime(
      'openGate',
      governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' })),
    );
    expect(gate.terminal?.reason).toBe('AUDIT_UNAVAILABLE');
    expect(gate.write('text', '', 'hello')).toEqual([]);
  });

  it('sink: the last record of a stream: it ends, and what was held does not leave', async () => {
    const governor = await governed(
      { audit: sinkThat(({ kind }) => kind === 'decision') },
      {
        detectors: [{ use: 'pii' }],
        rules: [{ id: 'm', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' }],
      },
    );
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    const first = gate.write('text', '', 'hello held-word');
    const { pieces, decision } = await inTime('end', gate.end());
    expect(first).toMatchObject([{ text: 'hello ' }]);
    expect(pieces).toEqual([]);
    expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
  });

  it('sink: D6: a halt stops a running stream at once, whatever the record does', async () => {
    const governor = await governed({ audit: sinkThat(({ kind }) => kind !== 'opened') }, { deadline: '2s' });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    gate.write('text', '', 'hello ');
    await inTime('halt', governor.control.halt({}, { who: 'op', why: 'test' }));
    expect(gate.stopped.aborted).toBe(true);
    expect(gate.terminal?.reason).toBe('HALTED');
    expect(gate.write('text', '', 'more')).toEqual([]);
  });

  it('sink and store at the end: close still ends', async () => {
    const store: Store = { ...createMemoryStore(), close: never };
    const heard: GovernorEvent[] = [];
    const governor = await createGovernor({
      policy: { policy: 'p', version: 1 },
      store,
      audit: { name: 'slow-disk', accept: () => undefined, close: never },
      onEvent: (event) => heard.push(event),
    });
    await governor.close();
    const failed = heard.flatMap((event) => (event.kind === 'failure' ? [event.failure] : []));
    expect(failed).toEqual([
      { part: 'store', id: 'close', code: 'TIMEOUT' },
      { part: 'audit', id: 'slow-disk', code: 'TIMEOUT' },
    ]);
  }, 15_000);

  describe('store', () => {
    const limits = [{ id: 'l', allow: 5, per: '1m' }];
    const rules = [{ id: 's', on: 'input', strike: { abuse: 1 } }];
    const cooldowns = [{ id: 'abuse', after: { strikes: 3, within: '10m' }, for: '1m' }];

    it.each([
      ['charge', 'FAILED_CLOSED'],
      // Strikes are queued, and the decision that made them does not wait for them.
      ['strike', 'NO_RULE_OBJECTED'],
    ] as const)('%s: %s', async (method, reason) => {
      const store: Store = { ...createMemoryStore(), shared: true, deadlineMs: 20, [method]: never };
      expect(await reasonOf(await governed({ store }, { limits, rules, cooldowns }))).toBe(reason);
    });

    it('sync: nothing is confirmed, so events fail by `onError`', async () => {
      const store: Store = { ...createMemoryStore(), shared: true, sync: never };
      expect(await reasonOf(await governed({ store }))).toBe('FAILED_CLOSED');
    });

    it('control: the halt stands here, and the operator is told that it is not shared', async () => {
      const store: Store = { ...createMemoryStore(), shared: true, control: never };
      const governor = await governed({ store });
      const halted = inTime('halt', governor.control.halt({}, { who: 'op', why: 'test' }));
      expect(await reasonOf(governor)).toBe('HALTED');
      await expect(halted).rejects.toMatchObject({ code: 'HALT_NOT_SHARED' });
    });

    it('labels: what the session carries is not known, so events fail by `onError`', async () => {
      const store: Store = { ...createMemoryStore(), shared: true, deadlineMs: 20, labels: never };
      const reason = async (onError: 'block' | 'no_op'): Promise<string> => {
        const governor = await governed({ store }, { labels: { seen: 'session' }, onError });
        const event = governor.interaction({ tenant: 't', session: 's' }).event(INPUT);
        return (await inTime('decide', governor.decide(event))).reason;
      };
      expect([await reason('block'), await reason('no_op')]).toEqual(['FAILED_CLOSED', 'FAILED_OPEN']);
    });

    it('subscribe: what others change is found by asking', async () => {
      const memory = createMemoryStore();
      const store: Store = { ...memory, shared: true, subscribe: never as never };
      const [governor, other] = [await governed({ store }), await governed({ store: { ...memory, shared: true } })];
      await other.control.halt({}, { who: 'op', why: 'test' });
      for (let tries = 0; (await reasonOf(governor)) !== 'HALTED' && tries < 200; tries++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await reasonOf(governor)).toBe('HALTED');
    });

    it('fill and warning: the status is without them', async () => {
      const store: Store = {
        ...createMemoryStore(),
        shared: true,
        fill: never as never,
        warning: never as never,
      };
      const { store: status } = (await governed({ store })).status();
      expect([status.connected, status.fill, status.warning]).toEqual([true, undefined, undefined]);
    });

    const BY = { who: 'op', why: 'test' };
    const WHO = { tenant: 't', user: 'u' };
    it.each<[keyof Store, (governor: Governor) => Promise<unknown>]>([
      ['setAll', ({ control }) => control.setModes([WHO], 'shadow', BY)],
      ['control', ({ control }) => control.setMode(WHO, 'shadow', BY)],
      ['history', ({ control }) => control.history()],
      ['look', ({ control }) => control.subject(WHO)],
      ['amend', ({ control }) => control.putOn(WHO, { ladder: 'abuse', ...BY })],
      ['sync', ({ control }) => control.list()],
    ])('%s: the operator is told that there was no answer', async (method, ask) => {
      const memory = createMemoryStore();
      let hangs = false;
      const own = memory[method] as (...args: unknown[]) => unknown;
      const store: Store = {
        ...memory,
        shared: true,
        [method]: (...args: unknown[]) => (hangs ? never() : own(...args)),
      };
      const governor = await governed({ store }, { cooldowns, rules });
      hangs = true;
      await expect(inTime(method, ask(governor))).rejects.toMatchObject({ code: 'STORE_TIMEOUT' });
    });

    it('processes: a halt is in force all the same, here as far as anybody can say', async () => {
      const store: Store = { ...createMemoryStore(), shared: true, processes: never };
      const governor = await governed({ store });
      const { inForce } = await inTime('halt', governor.control.halt({}, { ...BY, waitFor: 'all' }));
      expect([inForce, await reasonOf(governor)]).toEqual([{ processes: 1, of: 1 }, 'HALTED']);
    });

    it('no method of a store is missing here', () => {
      const methods = Object.entries(createMemoryStore()).flatMap(([name, value]) =>
        typeof value === 'function' ? [name] : [],
      );
      const here = [
        ...['charge', 'strike', 'labels', 'sync', 'control', 'setAll', 'history', 'look', 'amend', 'processes'],
        ...['release', 'report', 'subscribe', 'fill', 'close'],
      ];
      expect(methods.toSorted()).toEqual(here.toSorted());
    });

    it('release and report: nobody waits for them', async () => {
      const store: Store = { ...createMemoryStore(), shared: true, deadlineMs: 20, release: never, report: never };
      const governor = await governed(
        { store },
        {
          limits: [
            { id: 'l', allow: 5, per: '1m', unit: 'in_flight' },
            { id: 't', allow: 5, per: '1m', unit: 'tokens' },
          ],
        },
      );
      const interaction = governor.interaction({ tenant: 't', user: 'u' });
      const event = interaction.event(INPUT);
      await governor.decide(event);
      await inTime('report', interaction.report(event, { tokens: 2 }));
      await inTime('end', interaction.end());
    });
  });
});

describe('S5: a stream whose process has lost its store', () => {
  const lost = async (policy: object): Promise<{ readonly governor: Governor; readonly lose: () => void }> => {
    const memory = createMemoryStore();
    let gone = false;
    const store: Store = {
      ...memory,
      shared: true,
      deadlineMs: 20,
      sync: (since) => (gone ? never() : memory.sync(since)),
    };
    const governor = await governed({ store, staleAfterMs: 150 }, policy);
    return { governor, lose: () => (gone = true) };
  };
  const rules = [{ id: 'm', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' }];
  const detectors = [{ use: 'pii' }];

  it('ends after `staleAfter` under `onError: block`, and its record says why', async () => {
    const { governor, lose } = await lost({ rules, detectors });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    gate.write('text', '', 'hello ');
    lose();
    await inTime('the stream', new Promise((resolve) => gate.stopped.addEventListener('abort', resolve)));
    expect(gate.terminal).toMatchObject({
      outcome: 'BLOCK',
      reason: 'FAILED_CLOSED',
      errors: [{ part: 'store', id: 'controls', code: 'STALE' }],
    });
    expect(gate.write('text', '', 'more')).toEqual([]);
  });

  it('goes on under `onError: no_op`, and its record says so', async () => {
    const { governor, lose } = await lost({ rules, detectors, onError: 'no_op' });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    lose();
    await new Promise((resolve) => setTimeout(resolve, 1800));
    expect(gate.write('text', '', 'hello ')).toMatchObject([{ text: 'hello ' }]);
    expect((await gate.end()).decision).toMatchObject({
      reason: 'FAILED_OPEN',
      errors: [{ part: 'store', id: 'controls', code: 'STALE' }],
    });
  });
});

it('D6: a halt that comes while an event waits for a detector stops it, at once', async () => {
  const detector = defineDetector({ id: 'slow', version: '1', types: ['slow'], detect: never });
  const rules = [{ id: 'a', on: 'input', detect: 'slow', then: 'block', reason: 'P_SLOW', onError: 'no_op' }];
  const governor = await governed({ detectors: [detector] }, { rules, deadline: '60s' });
  const decision = governor.decide(governor.interaction({ tenant: 't' }).event(INPUT));
  await governor.control.halt({ tenant: 't' }, { who: 'op', why: 'test' });
  expect((await inTime('decide', decision)).reason).toBe('HALTED');
});
