import type { PolicyRecord } from '@flyball/core/evidence';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../log/audit-error.ts';
import type { LoggedRecord } from '../record/log-records.ts';
import { RecordQueue, type QueueOptions } from './record-queue.ts';

const recordOf = (auditId: string): PolicyRecord => ({
  ...{ schemaVersion: 1, kind: 'policy', auditId, at: 7, policyId: 'p', change: 'rejected' },
});

/** A queue in front of a place that refuses some records for what they hold. */
function placeThatRefuses(refuses: (record: LoggedRecord) => boolean, options: Partial<QueueOptions> = {}) {
  const kept: LoggedRecord[] = [];
  const refused: string[] = [];
  const states: string[] = [];
  let writes = 0;
  const queue = new RecordQueue({
    now: () => 9,
    async write(bodies) {
      writes++;
      const records = bodies.map((body) => JSON.parse(body) as LoggedRecord);
      if (records.some(refuses)) throw new AuditError('RECORD_REFUSED', 'no');
      kept.push(...records);
    },
    onState: (state) => void states.push(state),
    onRefused: ({ auditId }) => void refused.push(auditId),
    ...options,
  });
  const lines = () =>
    kept.map((one) => (one.kind === 'gap' ? `gap ${one.lost} ${one.refused ?? 'shed'}` : one.auditId));
  return { queue, lines, refused, states, kept, writes: () => writes };
}

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `r${i}`);

describe('a record that its place refuses for what it holds', () => {
  it('is lost alone: a gap record stands where it stood, and all others are kept, in order', async () => {
    const bad = new Set(['r0', 'r130', 'r131', 'r700', 'r999']);
    const { queue, lines, refused, states, writes } = placeThatRefuses(({ auditId }) => bad.has(auditId));
    for (const name of names(1000)) void queue.offer(recordOf(name));
    await queue.flush();
    expect(lines()).toEqual(names(1000).map((name) => (bad.has(name) ? `gap 1 ${name}` : name)));
    expect([refused, states]).toEqual([[...bad], []]);
    // Found in halves: far from one write for each record.
    expect(writes()).toBeLessThan(150);
  });

  it('says when it was, and under an id of its own', async () => {
    const { queue, kept } = placeThatRefuses(({ auditId }) => auditId === 'bad');
    void queue.offer(recordOf('bad'));
    await queue.flush();
    expect(kept).toEqual([
      {
        schemaVersion: 1,
        kind: 'gap',
        auditId: expect.stringMatching(/^aud_/),
        at: 9,
        ...{ lost: 1, from: 7, to: 7 },
        refused: 'bad',
      },
    ]);
  });

  it('A1: is told to whoever waits for it, and to nobody else', async () => {
    const { queue } = placeThatRefuses(({ auditId }) => auditId === 'bad');
    const answers = ['good', 'bad', 'other'].map(async (name) => queue.offer(recordOf(name), { durable: true }));
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await expect(answers[1]).rejects.toMatchObject({ code: 'RECORD_REFUSED', failure: 'UNAVAILABLE' });
  });

  it('is not confused with records that were shed', async () => {
    const { queue, lines } = placeThatRefuses(({ auditId }) => auditId === 'r1', { capacity: 3, overflow: 'shed' });
    for (const name of names(5)) void queue.offer(recordOf(name));
    await queue.flush();
    expect(lines()).toEqual(['r0', 'gap 1 r1', 'r2', 'gap 2 shed']);
  });

  it('that JSON cannot say is one of them', async () => {
    const { queue, lines } = placeThatRefuses(() => false);
    const circle: unknown[] = [];
    circle.push(circle);
    void queue.offer(recordOf('a'));
    void queue.offer({ ...recordOf('circle'), problems: circle as string[] });
    void queue.offer(recordOf('b'));
    await queue.flush();
    expect(lines()).toEqual(['a', 'gap 1 circle', 'b']);
  });

  it('is not blamed where the gap record is refused too: then the place is broken, and all others wait', async () => {
    let broken = true;
    const { queue, lines, states } = placeThatRefuses(() => broken);
    for (const name of names(3)) void queue.offer(recordOf(name));
    await expect(queue.flush()).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
    await expect(queue.flush()).rejects.toMatchObject({ code: 'RECORD_REFUSED' });
    broken = false;
    await queue.flush();
    expect([lines(), states]).toEqual([
      ['gap 1 r0', 'r1', 'r2'],
      ['failing', 'well'],
    ]);
  });
});

it('a place that cannot be reached refuses nothing: the same batch comes again', async () => {
  const batches: (readonly string[])[] = [];
  const { queue, refused } = placeThatRefuses(() => false, {
    async write(bodies) {
      batches.push(bodies);
      if (batches.length < 3) throw new Error('gone');
    },
  });
  for (const name of names(3)) void queue.offer(recordOf(name));
  for (let i = 0; i < 2; i++) await expect(queue.flush()).rejects.toThrow('gone');
  await queue.flush();
  expect([batches.length, new Set(batches).size, batches[0]!.length, refused]).toEqual([3, 1, 3, []]);
});
