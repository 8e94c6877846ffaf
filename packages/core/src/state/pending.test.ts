import { describe, expect, it } from 'vitest';
import { createPending, type Send, type Write } from './pending.ts';
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
  (sent: Write[]): Send =>
  async (writes) =>
    void sent.push(...writes);
const idOf = (write: Write): string => (write.op === 'release' ? write.hold.id : '');
const idsOf = (writes: readonly Write[]): string => writes.map(idOf).join(' ');

describe('queued writes', () => {
  it('go out once each, those of one subject oldest first, and stay when the store is gone half-way', async () => {
    const pending = createPending(100, () => 0);
    for (const id of ['a', 'b', 'a', 'c']) pending.add(strike(id));
    const sent: string[] = [];
    const gone = failed('UNAVAILABLE');
    let fails = 'b';
    const send: Send = async ([write]) => {
      if (write?.op !== 'strike' || write.strike.id === fails) return gone;
      sent.push(write.strike.id);
      return undefined;
    };
    expect(await pending.flush(send)).toBe(gone);
    expect([sent, pending.size]).toEqual([['a'], 2]);
    fails = '';
    expect(await pending.flush(send)).toBeUndefined();
    expect([sent, pending.size]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('of many subjects are under way together, 64 and no more, each subject in its order, and halts first', async () => {
    const pending = createPending(20_000, () => 0);
    for (let i = 0; i < 10; i++) {
      for (let user = 0; user < 200; user++) {
        pending.add({ op: 'labels', request: { key: `acme/labels/u${user}`, add: [`${i}`], rememberMs: 1 } });
      }
    }
    const halt = { id: 'c', kind: 'halt', scope: {}, who: 'ops', why: 'drill' } as const;
    pending.add({ op: 'control', request: { op: 'set', control: halt } });
    const order = new Map<string, string[]>();
    const first: string[] = [];
    const seen = { underWay: 0, most: 0, trips: 0 };
    // Answered all at once, as if all of them travelled for as long.
    const arrive: (() => void)[] = [];
    const send: Send = async (writes) => {
      seen.most = Math.max(seen.most, ++seen.underWay);
      if (arrive.length === 0) {
        seen.trips++;
        setTimeout(() => arrive.splice(0).forEach((answer) => answer()), 1);
      }
      const [write] = writes;
      first.push(write!.op);
      if (write?.op === 'labels') {
        const { key, add } = write.request;
        order.set(key, [...(order.get(key) ?? []), ...add]);
      }
      await new Promise<void>((resolve) => arrive.push(resolve));
      seen.underWay--;
      return undefined;
    };
    expect(await pending.flush(send)).toBeUndefined();
    expect(pending.size).toBe(0);
    expect(first[0]).toBe('control');
    expect(seen.most).toBe(64);
    // One at a time they would be 2,001.
    expect(seen.trips).toBeLessThan(50);
    expect(order.size).toBe(200);
    for (const labels of order.values()) expect(labels).toEqual(Array.from({ length: 10 }, (_, i) => `${i}`));
  });

  it('of one subject go together where one call carries several: 10,000 reports in 157 calls', async () => {
    const pending = createPending(10_000, () => 0);
    const terms = { key: 'acme/limit/tokens/user=bob', amount: 1, perMs: 1000, window: 'sliding' } as const;
    for (let i = 0; i < 10_000; i++) pending.add({ op: 'report', amount: { ...terms, id: `r${i}` } });
    const calls: (readonly Write[])[] = [];
    expect(await pending.flush(async (writes) => void calls.push(writes))).toBeUndefined();
    expect([calls.length, Math.max(...calls.map(({ length }) => length)), pending.size]).toEqual([157, 64, 0]);
    const ids = calls.flat().map((write) => (write.op === 'report' ? write.amount.id : ''));
    expect(ids).toEqual(Array.from({ length: 10_000 }, (_, i) => `r${i}`));
  });

  it('of which one finds the store gone wait, though another one that was under way is answered after it', async () => {
    const pending = createPending(10, () => 0);
    for (const user of ['late', 'gone']) {
      for (const name of ['1', '2'])
        pending.add({ op: 'labels', request: { key: `acme/labels/${user}`, add: [name], rememberMs: 1 } });
    }
    const gone = failed('UNAVAILABLE');
    const asked: string[] = [];
    const answer = await pending.flush(async ([write]) => {
      if (write?.op !== 'labels') return undefined;
      asked.push(`${write.request.key} ${write.request.add.join()}`);
      if (write.request.key.endsWith('gone')) return gone;
      await new Promise((resolve) => setTimeout(resolve, 5));
      return undefined;
    });
    expect([answer, asked, pending.size]).toEqual([gone, ['acme/labels/late 1', 'acme/labels/gone 1'], 3]);
  });

  it('that are queued while others go out follow in the same go', async () => {
    const pending = createPending(10, () => 0);
    pending.add(release('a'));
    const sent: string[] = [];
    await pending.flush(async (writes) => {
      if (sent.push(idsOf(writes)) === 1) pending.add(release('b'));
      return undefined;
    });
    expect([sent, pending.size]).toEqual([['a', 'b'], 0]);
  });

  it('that are refused alone hold up nothing and are tried ever more rarely', async () => {
    let time = 0;
    const pending = createPending(10, () => time);
    for (const id of ['good', 'bad', 'better']) pending.add(release(id));
    const tries: [time: number, ids: string][] = [];
    const send: Send = async (writes) => {
      tries.push([time, idsOf(writes)]);
      return writes.some((write) => idOf(write) === 'bad') ? failed('THREW') : undefined;
    };
    for (; time < 20_000; time += 500) {
      await pending.flush(send);
      if (time === 500) expect(pending.size).toBe(1);
    }
    expect(tries).toEqual([
      [0, 'good bad better'],
      ...['good', 'bad', 'better'].map((id) => [0, id]),
      ...[1000, 3000, 7000, 15_000].map((at) => [at, 'bad']),
    ]);
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
