import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Readings } from './readings.ts';

function readingsOf(text: string): readonly Readings['list'][number][] {
  const readings = new Readings(text);
  expect(readings.run({ left: Number.POSITIVE_INFINITY })).toBe(true);
  return readings.list;
}

/** Where `part` of a reading stands in the text as written. */
function written(text: string, level: number, part: string): string {
  const reading = readingsOf(text)[level]!;
  const at = reading.text.indexOf(part);
  return text.slice(...reading.spanOf(at, at + part.length));
}

test.each<readonly [written: string, ...decoded: readonly string[]]>([
  ['plain'],
  ['C:\\games' /* no escape of any literal */],
  ['a\\nb', 'a\nb'],
  ['a\\\\c', 'a\\c'],
  ['\\"a\\"', '"a"'],
  ["it\\'s \\/ \\r\\t\\b\\f\\v", "it's / \r\t\b\f\v"],
  ['\\u0041\\x42\\u{43}\\u{1F600}\\U00000044', 'ABC😀D'],
  ['\\u004'],
  ['of unseen characters: \\u202e \\u200b \\u{E0041} \\xad'],
  ['\\u{110000}\\UFFFFFFFF\\x4'],
  ['at the end \\'],
  ['\\\\n', '\\n', '\n'],
  ['\\\\\\\\n', '\\\\n', '\\n', '\n'],
])('%j is read in its ways', (text, ...decoded) => {
  expect(readingsOf(text).map((reading) => reading.text)).toEqual([text, ...decoded]);
});

test('three levels are decoded, and no more', () => {
  const nested = JSON.stringify(JSON.stringify(JSON.stringify(JSON.stringify('a\nb'))));
  const readings = readingsOf(nested);
  expect(readings.length).toBe(4);
  expect(readings.at(-1)!.text).toContain('a\\nb');
});

describe('what is found in a reading stands in the text as written', () => {
  it.each<readonly [text: string, level: number, part: string, written: string]>([
    ['x\\nAKIA y', 1, 'AKIA', 'AKIA'],
    ['x\\nAKIA y', 1, '\nAKIA', '\\nAKIA'],
    ['x\\nAKIA\\ty', 1, 'AKIA\t', 'AKIA\\t'],
    ['\\u0041KIA', 1, 'AKIA', '\\u0041KIA'],
    ['a\\u{1F600}b', 1, '😀', '\\u{1F600}'],
    ['a\\u{1F600}b', 1, '\u{DE00}b', '\\u{1F600}b'],
    ['{\\"a\\":\\"x\\\\nAKIA\\"}', 1, 'AKIA', 'AKIA'],
    ['{\\"a\\":\\"x\\\\nAKIA\\"}', 2, '\nAKIA', '\\\\nAKIA'],
    ['{\\"a\\":\\"x\\\\nAKIA\\"}', 2, '"x', '\\"x'],
  ])('of %j, reading %i, %j', (text, level, part, expected) => {
    expect(written(text, level, part)).toBe(expected);
  });

  it('of the text as it is written, never beginning within an escape', () => {
    const text = 'a\\nbob\\u0041c';
    const [asWritten] = readingsOf(text);
    // From the letter of the first to a digit of the second.
    expect(asWritten!.spanOf(2, 9)).toEqual([1, 9]);
    expect(asWritten!.spanOf(0, 1)).toEqual([0, 1]);
    expect(asWritten!.spanOf(3, 6)).toEqual([3, 6]);
    expect(asWritten!.spanOf(3, 12)).toEqual([3, 12]);
    expect(asWritten!.spanOf(1, 3)).toEqual([1, 3]);
  });
});

test('a text is decoded in stretches, and it does not matter where they end', () => {
  const text = '\\\\n\\u0041 and \\t'.repeat(500);
  const whole = readingsOf(text);
  const readings = new Readings(text);
  const allowance = { left: 0 };
  let stretches = 0;
  for (; !readings.run(allowance); stretches++) allowance.left = 100;
  expect(stretches).toBeGreaterThan(100);
  expect(readings.list.map((reading) => reading.text)).toEqual(whole.map((reading) => reading.text));
});

test('whatever is stringified is among the readings, and each of its units leads back to itself', () => {
  const before = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 24 }),
      fc.integer({ min: 1, max: 3 }),
      before,
      (value, times, head) => {
        let text = value;
        for (let time = 0; time < times; time++) text = JSON.stringify(text);
        // What stands before must not escape anything.
        const around = `${head.replaceAll('\\', '')}${text}`;
        const list = readingsOf(around);
        expect(list.some((reading) => reading.text.includes(value))).toBe(true);
        const strays = list.filter(({ text: read, spanOf }) => {
          let last = 0;
          return Array.from({ length: read.length }).some((_, at) => {
            const [start, end] = spanOf(at, at + 1);
            const isStray = start < last || end <= start || end > around.length;
            last = start;
            return isStray;
          });
        });
        expect(strays).toEqual([]);
      },
    ),
  );
});
