import { describe, expect, it } from 'vitest';
import { createSigner, EntryChain, joinNotes, parseVerifier, verifyLog, type LogEntry } from '../src/index.ts';
import { signatureLine } from '../src/integrity/note.ts';

const LOG = createSigner('flyball.example/acme', Buffer.alloc(32, 1));
const WITNESS = createSigner('witness.example/w1', Buffer.alloc(32, 2), 'witness');
const OTHER = createSigner('witness.example/w2', Buffer.alloc(32, 3), 'witness');
const keys = [WITNESS, OTHER].map(({ vkey }) => parseVerifier(vkey));

/** A log of two checkpoints, the first of which a witness has cosigned. */
function cosigned(change: (line: string) => string = String): { entries: readonly LogEntry[]; notes: Buffer } {
  const chain = new EntryChain(LOG);
  const entries: LogEntry[] = [];
  const grow = (count: number): string => {
    const more = chain.prepare(
      Array.from({ length: count }, (_, i) => JSON.stringify({ kind: 'policy', auditId: `aud_${i}`, at: 1 })),
    );
    entries.push(...more);
    chain.append(more);
    return chain.checkpoint()!.note;
  };
  const first = grow(3);
  const text = first.slice(0, first.lastIndexOf('\n\n') + 1);
  const notes = joinNotes([`${first}${change(signatureLine(text, WITNESS, 1_790_000_000))}`, grow(4)]);
  return { entries, notes: Buffer.from(notes) };
}

describe('A3: witnesses', () => {
  it('how far each has cosigned is said, and one that has cosigned nothing too', () => {
    const { entries, notes } = cosigned();
    expect(verifyLog(entries, notes, parseVerifier(LOG.vkey), keys)).toEqual({
      ...{ ok: true, size: 7, covered: 7, shredded: 0 },
      witnessed: { 'witness.example/w1': 3, 'witness.example/w2': 0 },
    });
    expect(verifyLog(entries, notes, parseVerifier(LOG.vkey))).not.toHaveProperty('witnessed');
  });

  it('a cosignature that does not hold is found, for those who know the witness', () => {
    const { entries, notes } = cosigned((line) => line.replace(/.{6}\n$/, 'AAAA==\n'));
    expect(verifyLog(entries, notes, parseVerifier(LOG.vkey), keys)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^checkpoint: /),
    });
  });
});
