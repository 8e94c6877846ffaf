import { randomBytes } from 'node:crypto';
import { createSigner, type NoteSigner } from '@flyball/audit';
import { commitmentOf, entryLeaf, entryLine } from '../../packages/audit/src/integrity/entry.ts';
import { joinNotes, signCheckpoint } from '../../packages/audit/src/integrity/checkpoint.ts';
import { MerkleTree } from '../../packages/audit/src/integrity/merkle.ts';

/** A log as it is exported, and where its newest checkpoint stands. */
export interface Exported {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  readonly covered: number;
}

export type Bytes = readonly [entries: Buffer, checkpoints: Buffer];

export const KEY: NoteSigner = createSigner('flyball.example/tamper', Buffer.alloc(32, 7));
const OTHER = createSigner(KEY.name, Buffer.alloc(32, 8));

/** Lehmer's generator: the same campaign for the same seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => Math.floor(((state = (state * 48271) % 2147483647) / 2147483647) * below);
}

const TEXTS = ['é\u2028"\\', '\u0001', '😀'];
const body = (i: number): string =>
  JSON.stringify({
    at: 1790000000000 + i,
    auditId: `aud_${i}`,
    outcome: ['ALLOW', 'BLOCK'][i % 2],
    text: TEXTS[i % 3],
  });

function write(bodies: readonly string[], at: readonly number[], key: NoteSigner = KEY): Exported {
  const tree = new MerkleTree();
  const lines: string[] = [];
  const notes: string[] = [];
  const point = (): void => {
    if (at.includes(tree.size)) notes.push(signCheckpoint(tree.size, tree.root(), key));
  };
  point();
  for (const text of bodies) {
    const salt = randomBytes(16);
    lines.push(entryLine({ seq: tree.size, salt, body: text }));
    tree.append(entryLeaf(commitmentOf(salt, text)));
    point();
  }
  return { lines, notes, covered: Math.max(...at) };
}

/** Of `n` entries with three checkpoints, and a tail that none covers. */
export function freshLog(n: number, shredAt?: number): Exported {
  const bodies = Array.from({ length: n }, (_, i) => body(i));
  const log = write(bodies, [0, Math.floor(n / 3), Math.floor((2 * n) / 3)]);
  return shredAt === undefined ? log : { ...log, lines: log.lines.with(shredAt, shredded(log.lines[shredAt]!)) };
}

function shredded(line: string): string {
  const { seq, salt, body: text } = JSON.parse(line) as { seq: number; salt: string; body: string };
  return entryLine({ seq, commitment: commitmentOf(Buffer.from(salt, 'hex'), text) });
}

export const bytesOf = ({ lines, notes }: Pick<Exported, 'lines' | 'notes'>): Bytes => [
  Buffer.from(lines.map((line) => `${line}\n`).join('')),
  Buffer.from(joinNotes(notes)),
];

const renumbered = (lines: readonly string[]): string[] =>
  lines.map((line, i) => line.replace(/^\{"seq":\d+/, `{"seq":${i}`));
const others = (n: number): string[] => Array.from({ length: n }, (_, i) => body(i + 1));

/** Everything that somebody with write access can do below a checkpoint. `roll(n)`: a random number below n. */
export const TAMPERINGS: { readonly [name: string]: (log: Exported, roll: (below: number) => number) => Bytes } = {
  aBit(log, roll) {
    const [entries, notes] = bytesOf({ ...log, lines: log.lines.slice(0, log.covered) });
    entries[roll(entries.length)]! ^= 1 << roll(8);
    return [Buffer.concat([entries, bytesOf({ lines: log.lines.slice(log.covered), notes: [] })[0]]), notes];
  },
  aBitOfACheckpoint(log, roll) {
    const [entries, notes] = bytesOf(log);
    notes[roll(notes.length)]! ^= 1 << roll(8);
    return [entries, notes];
  },
  aValue(log, roll) {
    const at = roll(log.covered);
    const line = log.lines[at]!.replace(/ALLOW|BLOCK/, (word) => (word === 'ALLOW' ? 'BLOCK' : 'ALLOW'));
    return bytesOf({ ...log, lines: log.lines.with(at, line) });
  },
  removed: (log, roll) => bytesOf({ ...log, lines: renumbered(log.lines.toSpliced(roll(log.covered), 1)) }),
  inserted(log, roll) {
    const at = roll(log.covered);
    // Not the line that stands there: before the last covered entry that would add to the tail alone.
    const line = log.lines[(at + 1 + roll(log.lines.length - 1)) % log.lines.length]!;
    return bytesOf({ ...log, lines: renumbered(log.lines.toSpliced(at, 0, line)) });
  },
  swapped(log, roll) {
    const at = roll(log.covered - 1);
    const lines = log.lines.with(at, log.lines[at + 1]!).with(at + 1, log.lines[at]!);
    return bytesOf({ ...log, lines: renumbered(lines) });
  },
  truncated: (log, roll) => bytesOf({ ...log, lines: log.lines.slice(0, roll(log.covered)) }),
  halfALine(log, roll) {
    const [entries, notes] = bytesOf({ ...log, lines: log.lines.slice(0, log.covered) });
    return [entries.subarray(0, entries.length - 1 - roll(60)), notes];
  },
  // Changes no hash: only the rule that an entry has one spelling finds it.
  anotherSpelling(log, roll) {
    const at = roll(log.covered);
    return bytesOf({ ...log, lines: log.lines.with(at, log.lines[at]!.replace('outcome', '\\u006futcome')) });
  },
  falselyShredded(log, roll) {
    const at = roll(log.covered);
    return bytesOf({ ...log, lines: log.lines.with(at, entryLine({ seq: at, commitment: randomBytes(32) })) });
  },
  rewrittenWithAnotherKey(log) {
    const n = log.lines.length;
    return bytesOf(write(others(n), [0, n], OTHER));
  },
  // With the log's own key: only checkpoints kept elsewhere find it.
  rewrittenByItsOwner: (log) => [bytesOf(write(others(log.lines.length), [0]))[0], bytesOf(log)[1]],
  forked(log) {
    const { notes } = write(others(log.lines.length), [log.covered]);
    return bytesOf({ lines: log.lines, notes: [...log.notes, ...notes] });
  },
  withoutCheckpoints: (log) => [bytesOf(log)[0], Buffer.alloc(0)],
};
