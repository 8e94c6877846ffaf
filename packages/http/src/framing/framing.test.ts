import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrayFraming } from './array.ts';
import { dataStreamFraming } from './data-stream.ts';
import { eventStreamFraming } from './event-stream.ts';
import type { Framing } from './frame.ts';
import { multipartFraming } from './multipart.ts';
import { ndjsonFraming } from './ndjson.ts';
import { sseFraming } from './sse.ts';

const LINES = fc.array(
  fc.tuple(
    fc.constantFrom(
      'data: a',
      'data:b',
      'data',
      ': comment',
      'event: x',
      'id: 1',
      'retry: 5',
      'nonsense',
      '',
      'data:  two',
      '\uFEFFdata: c',
    ),
    fc.constantFrom('\n', '\r', '\r\n'),
  ),
  { maxLength: 30 },
);
const CUTS = fc.array(fc.nat(200), { maxLength: 30 });

function pieces(text: string, cuts: readonly number[]): string[] {
  const at = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].toSorted((a, b) => a - b);
  return at.slice(1).map((end, index) => text.slice(at[index], end));
}

describe.each([
  ['server-sent events', sseFraming],
  ['lines of JSON', ndjsonFraming],
])('framing of %s', (_, framing) => {
  it('loses nothing, and does not care how the text was cut', () => {
    fc.assert(
      fc.property(LINES, CUTS, (lines, cuts) => {
        const text = lines.map(([line, end]) => line + end).join('');
        const read = (parts: readonly string[]) => {
          const one = framing();
          const frames = [...parts.flatMap((part) => one.push(part)), ...one.end()];
          return { raw: frames.map((frame) => frame.raw).join(''), data: frames.map((frame) => frame.data) };
        };
        const whole = read([text]);
        expect(whole.raw).toBe(text);
        const cut = read(pieces(text, cuts));
        expect(cut.raw).toBe(text);
        expect(cut.data.filter((data) => data !== undefined)).toEqual(whole.data.filter((data) => data !== undefined));
      }),
    );
  });
});

describe('server-sent events', () => {
  const dataOf = (text: string) => {
    const framing = sseFraming();
    return [...framing.push(text), ...framing.end()].map((frame) => frame.data);
  };

  it('joins the data lines of an event and takes one space off each', () => {
    expect(dataOf('data: a\ndata:b\ndata:  c\ndata\n\n')).toEqual(['a\nb\n c\n']);
  });

  it('knows all three line breaks, also mixed', () => {
    expect(dataOf('data: a\r\rdata: b\r\n\ndata: c\n\r\n')).toEqual(['a', 'b', 'c']);
  });

  it('rewrites an event without touching its other lines', () => {
    const [frame] = sseFraming().push('id: 7\nevent: x\ndata: a\n: note\n\n');
    expect(frame!.rewrite('b\nc')).toBe('id: 7\nevent: x\n: note\ndata: b\ndata: c\n\n');
  });
});

describe('lines of JSON', () => {
  it('keep a record separator and leave blank lines alone', () => {
    const frames = ndjsonFraming().push('\u001E{"a":1}\n\n{"b":2}\r\n');
    expect(frames.map((frame) => frame.data)).toEqual(['{"a":1}', undefined, '{"b":2}']);
    expect(frames[0]!.rewrite('{}')).toBe('\u001E{}\n');
  });
});

const UNITS = 600_000;
const LONG = 'x'.repeat(UNITS);

/** One frame of each framing, of so many units that whoever looks through all of them with each one never ends. */
const LONG_FRAMES: readonly (readonly [name: string, framing: Framing, before: string, after: string])[] = [
  ['server-sent events', sseFraming(), 'data: ', '\n\n'],
  ['lines of JSON', ndjsonFraming(), '', '\n'],
  ['an array', arrayFraming(), '["', '"]'],
  ['the data stream', dataStreamFraming(), '0:', '\n'],
  ['parts', multipartFraming('-'), '---\r\n\r\n', '\r\n---'],
  ['messages', eventStreamFraming(), '\0\u0009\u0027\u00d0\0\0\0\0\0\0\0\0', '\0'.repeat(4)],
];

describe('a frame that comes unit by unit', () => {
  it.each(LONG_FRAMES)('G7: costs time in proportion to its length: %s', (_, framing, before, after) => {
    const start = process.cpuUsage();
    const frames = [...framing.push(before)];
    for (let at = 0; at < UNITS; at++) frames.push(...framing.push('x'));
    for (const unit of after) frames.push(...framing.push(unit));
    frames.push(...framing.end());
    expect(frames.map(({ data }) => data).find((data) => data?.includes('xx'))).toContain(LONG);
    // Of the processor's time: a busy machine is no reason.
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5_000);
  });
});

describe.each([
  ['an array', arrayFraming, ['[', '{"a":1}', ' ,', '"x\\\\\\"],"', ']', '\n', '[1,"]"]', '\\', '"', ' ']],
  ['the data stream', dataStreamFraming, ['0:"a"', '\n', 'f:{}', ':', '"x"\r\n']],
  ['parts', () => multipartFraming('-'), ['---', '\r\n', '{}', '\r\n---', '--', 'a-', '\n\n']],
])('framing of %s', (_, framing, words) => {
  it('G1: loses nothing, and does not care how the text was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 20 }), CUTS, (chosen, cuts) => {
        const text = chosen.join('');
        const read = (parts: readonly string[]) => {
          const one = framing();
          return [...parts.flatMap((part) => one.push(part)), ...one.end()].map(({ raw, data }) => [raw, data]);
        };
        const whole = read([text]);
        expect(whole.map(([raw]) => raw).join('')).toBe(text);
        expect(read(pieces(text, cuts))).toEqual(whole);
      }),
    );
  });
});
