import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemorySink } from '../../audit/memory-sink.ts';
import type { Sink } from '../../audit/sink.ts';
import { createGovernor } from '../../governor.ts';

const policy = {
  policy: 'p',
  version: 1,
  detectors: [{ use: 'pii' }],
  rules: [{ id: 'm', on: 'output', detect: 'pii.email', then: 'redact', reason: 'P_MAIL' }],
} as const;

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('close, and a sink that takes its time', () => {
  afterEach(() => void vi.useRealTimers());

  /** How long closing took by the clock, and what was told to have failed. */
  async function closing(drain: number | undefined, sinkMs: number) {
    vi.useFakeTimers();
    const state = { isWritten: false };
    const audit: Sink = {
      name: 'slow',
      accept() {},
      close: () => later(sinkMs).then(() => void (state.isWritten = true)),
    };
    const clock = { now: () => Date.now(), monotonic: () => Date.now() };
    const governor = await createGovernor({ policy, audit, clock });
    const failures: string[] = [];
    governor.events.subscribe((event) => void (event.kind === 'failure' && failures.push(event.failure.code)));
    const startedAt = Date.now();
    const closed = governor.close(drain === undefined ? undefined : { drain }).then(() => Date.now() - startedAt);
    await vi.advanceTimersByTimeAsync(60_000);
    return { took: await closed, failures };
  }

  it('waits as long as `drain` allows, so that what is queued is written', async () => {
    expect(await closing(30_000, 20_000)).toEqual({ took: 20_000, failures: [] });
  });

  it.each([
    ['without `drain`', undefined, 5000],
    ['with one that is shorter', 1000, 5000],
    ['with a longer one', 8000, 8000],
  ])('is not waited for for ever: %s', async (_what, drain, bound) => {
    const { took, failures } = await closing(drain, 50_000);
    expect(failures).toEqual(['TIMEOUT']);
    expect(took).toBeGreaterThanOrEqual(bound);
    expect(took).toBeLessThan(bound + 100);
  });
});

describe('close', () => {
  it('lets a running answer finish while it drains', async () => {
    const audit = createMemorySink();
    const governor = await createGovernor({ policy, audit });
    const interaction = governor.interaction({ tenant: 't' });
    const gate = await governor.openGate(interaction.event({ stage: 'output' }));
    gate.write('text', '', 'hello ');
    const closed = governor.close({ drain: 5000 });
    // What belongs to the answer is still decided: its tool calls, for example.
    expect((await governor.decide(interaction.event({ stage: 'tool_call', args: {} }))).outcome).toBe('NO_OP');
    gate.write('text', '', 'world');
    expect(await gate.end()).toMatchObject({ decision: { outcome: 'ALLOW' } });
    await closed;
    expect(gate.state).toBe('ended');
    await expect(governor.decide(interaction.event({ stage: 'input' }))).rejects.toMatchObject({
      code: 'GOVERNOR_CLOSED',
    });
  });

  it('cuts what still runs afterwards, at once without `drain`, and the record says so', async () => {
    for (const drain of [undefined, 30]) {
      const audit = createMemorySink();
      const governor = await createGovernor({ policy, audit });
      const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
      gate.write('text', '', 'hello ');
      await governor.close(drain === undefined ? undefined : { drain });
      expect(gate.state).toBe('aborted');
      expect(gate.stopped.aborted).toBe(true);
      expect(gate.terminal?.coverage.ended).toBe('aborted');
      expect(gate.write('text', '', 'more')).toEqual([]);
      const last = audit.records().at(-1);
      expect(last?.kind === 'decision' && last.decision.coverage.ended).toBe('aborted');
    }
  });

  it('ends a second call, and one beside the first', async () => {
    const governor = await createGovernor({ policy });
    await Promise.all([governor.close({ drain: 20 }), governor.close()]);
    await governor.close();
  });

  it.each([-1, Number.NaN, Infinity, '5', null])('drains for a number of milliseconds, not for %s', async (drain) => {
    const governor = await createGovernor({ policy });
    await expect(governor.close({ drain } as never)).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: '`governor.close`: `drain` must be a number of milliseconds, 0 or more',
    });
    expect((await governor.decide(governor.interaction({ tenant: 't' }).event({ stage: 'input' }))).outcome).toBe(
      'NO_OP',
    );
    await governor.close({ drain: 0 });
  });

  it('waits for nothing without `drain`: not for a clock that stands either', async () => {
    vi.useFakeTimers();
    const governor = await createGovernor({ policy, clock: { now: () => 0, monotonic: () => 0 } });
    const gate = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    let isClosed = false;
    const closed = governor.close().then(() => (isClosed = true));
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
    expect([isClosed, gate.state]).toEqual([true, 'aborted']);
    await closed;
  });

  it('happens once where another one comes while it drains', async () => {
    const close = vi.fn<() => Promise<void>>(async () => undefined);
    const governor = await createGovernor({ policy, audit: { name: 's', accept: () => undefined, close } });
    let stopped = 0;
    governor.events.subscribe(({ kind }) => void (kind === 'stopped' && stopped++));
    await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    await Promise.all([governor.close({ drain: 20 }), governor.close({ drain: 20 }), governor.close()]);
    expect([close.mock.calls.length, stopped]).toEqual([1, 1]);
  });

  it('has nothing to complain of where nobody keeps records', async () => {
    const governor = await createGovernor({ policy });
    const failures: string[] = [];
    governor.events.subscribe((event) => void (event.kind === 'failure' && failures.push(event.message)));
    await governor.close();
    expect(failures).toEqual([]);
  });

  it('stops telling and watching', async () => {
    const governor = await createGovernor({ policy });
    let told = 0;
    governor.events.subscribe((event) => void (event.kind === 'stopped' && told++));
    await governor.close();
    await later(0);
    expect(told).toBe(1);
  });
});
