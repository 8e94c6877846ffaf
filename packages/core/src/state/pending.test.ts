import { describe, expect, it } from 'vitest';
import { createPending, type Write } from './pending.ts';
import type { Failed } from './store-calls.ts';

const release = (id: string): Write => ({ op: 'release', hold: { key: 'acme/limit/at once', id } });
const strike = (id: string): Write => ({
  op: 'strike',
  strike: {
    key: 'acme/ladder/abuse',
    id,
    offences: [{ key: id, points: 1 }],
    ladder: { after: { strikes: 3, withinMs: 1000 }, forMs: 1 },
    rememberMs: 1000,
  },
});
const failed = (code: 'UNAVAILABLE' | 'THREW'): Failed => ({
  ok: false,
  failure: { part: 'store', id: 'release', code },
  cause: undefined,
});
const sentTo =
  (sent: Write[]) =>
  async (write: Write): Promise<undefined> =>
    void sent.push(write);
const idOf = (write: Write): string => (write.op === 'release' ? write.hold.id : '');

describe('queued writes', () => {
  it('go out oldest first, each once, and stay when the store is gone half-way', async () => {
    const pending = createPending(10, () => 0);
    for (const id of ['a', 'b', 'a', 'c']) pending.add(release(id));
    const sent: Write[] = [];
    const gone = failed('UNAVAILABLE');
    expect(await pending.flush(async (write) => (idOf(write) === 'b' ? gone : sentTo(sent)(write)))).toBe(gone);
    expect([sent.map(idOf), pending.size]).toEqual([['a'], 2]);
    expect(await pending.flush(sentTo(sent))).toBeUndefined();
    expect([sent.map(idOf), pending.size]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('that are refused alone hold up nothing and are tried ever more rarely', async () => {
    let time = 0;
    const pending = createPending(10, () => time);
    for (const id of ['bad', 'good']) pending.add(release(id));
    const tries: number[] = [];
    const send = async (write: Write): Promise<Failed | undefined> =>
      idOf(write) === 'bad' ? (tries.push(time), failed('THREW')) : undefined;
    for (; time < 20_000; time += 500) await pending.flush(send);
    expect(tries).toEqual([0, 1000, 3000, 7000, 15_000]);
    expect(pending.size).toBe(1);
  });

  it('that no longer matter are not sent: the points of an old strike', async () => {
    let time = 0;
    const pending = createPending(10, () => time);
    pending.add(strike('old'));
    time = 600;
    pending.add(strike('new'));
    time = 1100;
    const sent: Write[] = [];
    await pending.flush(sentTo(sent));
    expect(sent).toEqual([strike('new')]);
    expect(pending.size).toBe(0);
  });

  it('are refused and counted when there are too many, halts excepted', () => {
    const pending = createPending(1, () => 0);
    const control = { id: 'c', kind: 'halt', scope: {}, who: 'ops', why: 'drill' } as const;
    const adds = [release('a'), release('b'), { op: 'control', request: { op: 'set', control } } as const].map(
      (write) => pending.add(write),
    );
    expect(adds).toEqual([true, false, true]);
    expect([pending.size, pending.lost]).toEqual([2, 1]);
  });

  it('that end by themselves go out with the time that is left, or not at all', async () => {
    let time = 0;
    const pending = createPending(10, () => time);
    const terms = { kind: 'halt', scope: {}, who: 'ops', why: 'drill' } as const;
    for (const [id, forMs] of [
      ['short', 500],
      ['long', 5000],
    ] as const)
      pending.add({ op: 'control', request: { op: 'set', control: { id, ...terms }, forMs } });
    for (const [id, remainingMs] of [
      ['over', 800],
      ['still', 3000],
    ] as const)
      pending.add({ op: 'control', request: { op: 'restore', control: { id, at: 0, ...terms }, remainingMs } });
    pending.add({ op: 'labels', request: { key: 'acme/labels/session', add: ['untrusted'], rememberMs: 900 } });
    time = 1000;
    const sent: Write[] = [];
    await pending.flush(sentTo(sent));
    expect(sent).toEqual([
      { op: 'control', request: { op: 'set', control: { id: 'long', ...terms }, forMs: 4000 } },
      { op: 'control', request: { op: 'restore', control: { id: 'still', at: 0, ...terms }, remainingMs: 2000 } },
    ]);
    expect(pending.size).toBe(0);
  });
});
