import { hash, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigner, entryLeaf, signedStatement, tileFiles, type LogEntry } from '../src/index.ts';
import { MerkleTree } from '../src/integrity/merkle.ts';

const commitment = (seq: number): Buffer => hash('sha256', String(seq), 'buffer');
const logOf = (size: number): LogEntry[] =>
  Array.from({ length: size }, (_, seq) => ({ seq, commitment: commitment(seq) }));

/** The root as somebody would make it who has the files and the specification alone. */
function rootOf(files: ReadonlyMap<string, Buffer>, size: number): Buffer {
  const leaves: Buffer[] = [];
  for (const [path, bytes] of files)
    if (path.startsWith('tile/entries/'))
      for (let at = 0; at < bytes.length;) {
        const length = bytes.readUInt16BE(at);
        leaves.push(
          hash('sha256', Buffer.concat([Buffer.from([0]), bytes.subarray(at + 2, at + 2 + length)]), 'buffer'),
        );
        at += 2 + length;
      }
  expect(leaves).toHaveLength(size);
  const subtree = (from: number, to: number): Buffer => {
    if (to - from === 1) return leaves[from]!;
    const half = 2 ** Math.ceil(Math.log2(to - from) - 1);
    const pair = [subtree(from, from + half), subtree(from + half, to)];
    return hash('sha256', Buffer.concat([Buffer.from([1]), ...pair]), 'buffer');
  };
  return subtree(0, size);
}

describe('A3: a log as tiles', () => {
  it.each([1, 255, 256, 257, 1000])('of %i entries has its tree and its leaves', (size) => {
    const tree = new MerkleTree();
    for (let seq = 0; seq < size; seq++) tree.append(entryLeaf(commitment(seq)));
    const files = new Map([...tileFiles(logOf(size + 5), size)].map(({ path, bytes }) => [path, bytes]));
    expect(rootOf(files, size)).toEqual(tree.root());
    const level0 = [...files].filter(([path]) => path.startsWith('tile/0/')).map(([, bytes]) => bytes);
    expect(Buffer.concat(level0)).toEqual(
      Buffer.concat(Array.from({ length: size }, (_, seq) => entryLeaf(commitment(seq)))),
    );
  });

  it('of 70,000 is where the specification says', () => {
    const paths = [...tileFiles(logOf(70_000), 70_000)].map(({ path }) => path);
    const hashes = paths.filter((path) => !path.startsWith('tile/entries/'));
    expect(hashes.filter((path) => path.startsWith('tile/0/'))).toHaveLength(274);
    expect(hashes.slice(-3)).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']);
    expect(hashes).toContain('tile/1/000');
    expect(paths).toContain('tile/entries/273.p/112');
  });

  it('of fewer entries than its checkpoint is none', () => {
    expect(() => [...tileFiles(logOf(3), 4)]).toThrow('the log has 3 entries, and its checkpoint is of 4');
  });
});

describe('a record as a signed statement', () => {
  const signer = createSigner('flyball.example/acme', Buffer.alloc(32, 1));
  const statement = signedStatement({ auditId: 'aud_1', body: '{"seq":0}' }, signer);
  const HEADER = [
    'a4', // a map of four
    ...['01', '27'], // alg: EdDSA
    ...['03', '70', Buffer.from('application/json').toString('hex')],
    ...['04', '44', signer.id.toString('hex')],
    ...[
      '0f',
      'a2',
      '01',
      '74',
      Buffer.from('flyball.example/acme').toString('hex'),
      '02',
      '65',
      Buffer.from('aud_1').toString('hex'),
    ],
  ].join('');

  it('is COSE_Sign1 in deterministic CBOR, byte for byte', () => {
    const header = `58${(HEADER.length / 2).toString(16)}${HEADER}`;
    const payload = `49${Buffer.from('{"seq":0}').toString('hex')}`;
    expect(statement.subarray(0, -64).toString('hex')).toBe(`d284${header}a0${payload}5840`);
    const signed = `846a${Buffer.from('Signature1').toString('hex')}${header}40${payload}`;
    expect(verify(null, Buffer.from(signed, 'hex'), signer.key, statement.subarray(-64))).toBe(true);
  });

  it('of a long record has heads as long as they must be', () => {
    for (const [length, head] of [
      [23, '57'],
      [24, '5818'],
      [255, '58ff'],
      [256, '590100'],
      [65_535, '59ffff'],
      [65_536, '5a00010000'],
    ] as const) {
      const body = 'x'.repeat(length);
      const made = signedStatement({ auditId: 'a', body }, signer).toString('hex');
      expect(made).toContain(`a0${head}${Buffer.from(body).toString('hex')}5840`);
    }
  });
});
