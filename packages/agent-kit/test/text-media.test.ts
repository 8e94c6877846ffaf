import { expect, it } from 'vitest';
import { bytesOfText, encodingOf, isTextMedia, textOfBytes, withoutBytes } from '../src/index.ts';

const TEXT = 'Für TOPSECRET 🔒';
const utf8 = new TextEncoder().encode(TEXT);
const utf16 = (isLittle: boolean, text = TEXT): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(isLittle ? bytes : bytes.swap16());
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

it.each([
  ['UTF-8', utf8, 'text/plain'],
  ['UTF-8 with a mark', new Uint8Array([0xef, 0xbb, 0xbf, ...utf8]), 'text/plain; charset=utf-16le'],
  ['UTF-16 with a mark, as spreadsheets write it', utf16(true, `\ufeff${TEXT}`), 'text/csv'],
  ['the same from the other end', utf16(false, `\ufeff${TEXT}`), 'text/csv'],
  ['UTF-16 as its type says', utf16(true), 'text/plain; charset="UTF-16LE"'],
])('a file of text in %s is read, and written as it was', (_name, bytes, type) => {
  expect(textOfBytes(bytes, type)).toBe(TEXT);
  expect(bytesOfText(TEXT, encodingOf(bytes, type))).toEqual(bytes);
});

it('what cannot be written in the encoding of a file is not written at all, and what nobody knows is not read', () => {
  const latin = new Uint8Array([0x46, 0xfc, 0x72]);
  expect(textOfBytes(latin, 'text/plain; charset=iso-8859-1')).toBe('Für');
  expect(bytesOfText('Für', encodingOf(latin, 'text/plain; charset=iso-8859-1'))).toBeUndefined();
  expect(() => textOfBytes(latin, 'text/plain; charset=nonesuch')).toThrow();
});

it('text is what people read with an editor, whatever its type is called', () => {
  const texts = ['text/x-any', 'Application/JSON', 'application/x-ndjson', 'application/toml', 'image/svg+xml'];
  expect(texts.filter((type) => !isTextMedia(type))).toEqual([]);
  expect(['image/png', 'application/pdf', 'application/jsonish'].filter(isTextMedia)).toEqual([]);
});

it('A6: only what something says to be media goes unread: a key looks like bytes too', () => {
  const key = `github_pat_${'aB3'.repeat(25)}`;
  for (const name of ['data', 'result', 'url', 'image_url'])
    expect(withoutBytes({ [name]: key, items: [{ [name]: key }] })).toEqual({ [name]: key, items: [{ [name]: key }] });
  for (const media of [
    { type: 'image_generation_call', result: key },
    { type: 'input_audio', input_audio: { data: key, format: 'wav' } },
    { b64_json: key },
  ])
    expect(JSON.stringify(withoutBytes(media))).not.toContain(key);
});

it('a file of text is read however it is given, and both ways where there is no telling', () => {
  const said = (value: object): string => JSON.stringify(withoutBytes(value as never));
  for (const data of [
    `data:text/plain;charset=utf-8;base64,${base64(utf8)}`,
    `data:text/csv;charset=utf-16le;base64,${base64(utf16(true))}`,
    `data:text/plain;charset=utf-8,${encodeURIComponent(TEXT)}`,
  ])
    expect(said({ type: 'file', file_data: data })).toContain(TEXT);
  expect(said({ mimeType: 'text/csv', data: base64(utf16(true, `\ufeff${TEXT}`)) })).toContain(TEXT);
  // Four times any number of letters is base64 as well.
  expect(said({ type: 'file', mimeType: 'text/plain', data: 'TOPSECRETABC' })).toContain('TOPSECRETABC');
  expect(said({ type: 'text', media_type: 'text/plain', data: 'TOPSECRETABC' })).toContain('"TOPSECRETABC"');
});
