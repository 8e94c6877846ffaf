import { describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { commitmentOf, entryLeaf } from './entry.ts';
import { MerkleTree } from './merkle.ts';
import { createSigner, openNote, parseVerifier, signatureLine, signNote } from './note.ts';

const LOG = createSigner('flyball.example/acme/prod-1', Buffer.alloc(32, 1));
const WITNESS = createSigner('witness.example/w1', Buffer.alloc(32, 2), 'witness');

/** The worked example of `docs/reference/audit-format.md`. */
const NOTE = `flyball.example/acme/prod-1
7
3rJyZIxSLXUjesRF+zMZlWfmHjwJWt6ItjVz5ScWspI=

\u2014 flyball.example/acme/prod-1 AyBKGhVx4mK9nyvTBAfEaSZMRdggHX7hDm88P5q5uKKYOFqbO3ixjnJylGJOFfg5J4lj8ZRJfvoTheq5HWl+LH+FEw8=
\u2014 witness.example/w1 3xwKNQAAAABqsTuAImaFR3V8cRSOpicl2hZ10IDLCTWjsGQ7uBlR5Fj0E29jHcP4yjvWjnlqlVfDYaOYj0/ItdzMBz5QFvXdD2YrAA==
`;

describe('signed notes', () => {
  it('open as the example of the specification does', () => {
    const key = parseVerifier('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const note =
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(openNote(Buffer.from(note), [key])).toEqual({
      text: 'This is an example message.\n',
      signedBy: [{ name: 'example.com/foo' }],
    });
  });

  it('are written byte for byte as the worked example, cosignature included', () => {
    expect(entryLeaf(commitmentOf(Buffer.alloc(16), '{"seq":0}')).toString('hex')).toBe(
      '1bab22dff5cc4a87a91452ac2f7db7c3537e601929efe6d6147dc393c4260a53',
    );
    expect(LOG.vkey).toBe('flyball.example/acme/prod-1+03204a1a+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c');
    expect(WITNESS.vkey).toBe('witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU');
    const tree = new MerkleTree();
    for (let i = 0; i < 7; i++) tree.append(entryLeaf(commitmentOf(Buffer.alloc(16, i), `{"seq":${i}}`)));
    const signed = signCheckpoint(7, tree.root(), LOG);
    const text = signed.slice(0, signed.indexOf('\n\n') + 1);
    expect(signed + signatureLine(text, WITNESS, 1790000000)).toBe(NOTE);
    expect(openNote(Buffer.from(NOTE), [LOG, WITNESS]).signedBy).toEqual([
      { name: LOG.name },
      { name: WITNESS.name, seconds: 1790000000 },
    ]);
    expect(openCheckpoint(Buffer.from(NOTE), LOG)).toEqual({ origin: LOG.name, size: 7, root: tree.root() });
  });

  it.each([
    ['any bit', () => Buffer.from(NOTE).map((byte, at) => (at === 30 ? byte ^ 1 : byte)), 'a signature does not hold'],
    [
      'a stray bit at the end of base64',
      () => Buffer.from(NOTE.replace('FvXdD2YrAA==', 'FvXdD2YrAB==')),
      'a signature',
    ],
    ['a control character', () => Buffer.from(NOTE.replace('\n7\n', '\n7\r\n')), 'a control character'],
    ['no end', () => Buffer.from(NOTE.slice(0, -1)), 'no signatures'],
    ['nobody known', () => Buffer.from(signNote('x\n', createSigner('other'))), 'no signature of a known key'],
    ['not UTF-8', () => Buffer.concat([Buffer.from([0xff]), Buffer.from(NOTE)]), 'utf-8'],
  ])('with %s do not open', (_what, bytes, why) => {
    expect(() => openNote(bytes(), [LOG, WITNESS])).toThrow(
      why === 'a signature' ? /base64|malformed|hold|known/ : why,
    );
  });

  it('a cosignature alone makes no checkpoint of the log', () => {
    const text = NOTE.slice(0, NOTE.indexOf('\n\n') + 1);
    const note = Buffer.from(`${text}\n${signatureLine(text, WITNESS, 5)}`);
    expect(() => openCheckpoint(note, LOG, [WITNESS])).toThrow('no signature of the log');
  });

  it('a key whose id belongs to another key is refused', () => {
    expect(() => parseVerifier(LOG.vkey.replace('03204a1a', '03204a1b'))).toThrow('does not belong');
  });
});
