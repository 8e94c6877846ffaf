import fc from 'fast-check';
import { expect, it } from 'vitest';

import { jsonSegments, plainJsonTexts } from './json-segments.ts';

it('the texts without paths are the texts with them, in the same order', () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.json(), fc.nat(3), (json, indent) => {
      const source = indent === 0 ? json : JSON.stringify(JSON.parse(json), undefined, indent);
      const texts = plainJsonTexts(source);
      if (texts === undefined) {
        expect(source).toMatch(/\\/);
        return;
      }
      plain++;
      expect(texts.map(({ text }) => text)).toEqual(jsonSegments(source, undefined).map(({ text }) => text));
    }),
    { numRuns: 2000, seed: 11 },
  );
  expect(plain).toBeGreaterThan(500);
});

it.each(['{"a":1', '{"a" "b"}', 'a "b"', '', '{"a":"\\u0041"}', "{'a':1}"])('%j is read in the usual way', (source) => {
  expect(plainJsonTexts(source)).toBeUndefined();
});

it('numbers are read as they are written', () => {
  const source = '[-1.50e+10, 12345678901234567890,0]';
  const numbers = ['-1.50e+10', '12345678901234567890', '0'];
  expect(plainJsonTexts(source)).toEqual(numbers.map((text) => ({ text, isName: false })));
});

it('names of members are known as such where their colon stands beside them', () => {
  expect(plainJsonTexts('{"a":"b","c" : ["d:",true],"":""}')).toEqual([
    { text: 'a', isName: true },
    { text: 'b', isName: false },
    { text: 'c', isName: false },
    { text: 'd:', isName: false },
  ]);
});
