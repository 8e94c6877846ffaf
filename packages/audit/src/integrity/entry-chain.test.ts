import { describe, expect, it } from 'vitest';
import { commitmentOf } from './entry.ts';
import { EntryChain } from './entry-chain.ts';
import { createSigner } from './note.ts';

const bodyOf = (auditId: string): string => JSON.stringify({ kind: 'policy', auditId, at: 1 });
const chainOf = (): EntryChain => new EntryChain(createSigner('flyball.example/chain', Buffer.alloc(32, 1)));

describe('A3: the entries of a log that begins with its process', () => {
  it('are numbered without a gap, each record once, without those that are kept already', () => {
    const chain = chainOf();
    const first = chain.prepare(['a', 'b', 'a'].map(bodyOf));
    expect(first.map(({ seq, auditId }) => [seq, auditId])).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    chain.append(first);
    const next = chain.prepare(['b', 'c', 'd', 'c'].map(bodyOf), (id) => id === 'b');
    expect(next.map(({ seq, auditId }) => [seq, auditId])).toEqual([
      [2, 'c'],
      [3, 'd'],
    ]);
  });

  it('have a salt of their own each, and one of its own each time they are prepared', () => {
    const chain = chainOf();
    const prepared = [1, 2].flatMap(() => chain.prepare(['a', 'b', 'c'].map(bodyOf)));
    expect(new Set(prepared.map(({ salt }) => salt.toString('hex'))).size).toBe(6);
    for (const { salt, body, commitment } of prepared) {
      expect(salt).toHaveLength(16);
      expect(commitmentOf(salt, body).equals(commitment)).toBe(true);
    }
  });
});
