import { expect, it } from 'vitest';
import { passwordOf } from './basic.ts';

const encoded = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64');

it.each([
  ['plain', encoded('ann:tr4velling'), 'tr4velling'],
  ['empty', encoded('ann:'), ''],
  ['without a user', encoded(':tr4velling'), 'tr4velling'],
  ['with colons', encoded('ann:a:b'), 'a:b'],
  ['in Latin-1', encoded('application-user:gr\u00fcn4ever', 'latin1'), 'gr\u00fcn4ever'],
  ['in UTF-8, byte by byte', encoded('application-user:gr\u00fcn4ever'), 'gr\u00c3\u00bcn4ever'],
])('the password, %s', (_, text, password) => {
  expect(passwordOf(text)).toBe(password);
});

it.each([
  ['no base64', 'understanding'],
  ['another word', 'informations'],
  ['no colon', encoded('only some text')],
  ['control characters', encoded('ann:\u0000\u0001 secret words here')],
  ['too short for letters beyond ASCII', encoded('ann:gr\u00fcn', 'latin1')],
  ['mostly beyond ASCII', encoded('application-user:\u00fc\u00e4\u00f6\u00fc\u00e4x', 'latin1')],
])('nothing: %s', (_, text) => {
  expect(passwordOf(text)).toBeUndefined();
});
