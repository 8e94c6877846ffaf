import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

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

  it('takes time in proportion to the text when it comes byte by byte', () => {
    const framing = sseFraming();
    const start = performance.now();
    framing.push('data: ');
    for (let i = 0; i < 1_000_000; i++) framing.push('x');
    expect(framing.push('\n\n')[0]!.data).toHaveLength(1_000_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('lines of JSON', () => {
  it('keep a record separator and leave blank lines alone', () => {
    const frames = ndjsonFraming().push('\u001E{"a":1}\n\n{"b":2}\r\n');
    expect(frames.map((frame) => frame.data)).toEqual(['{"a":1}', undefined, '{"b":2}']);
    expect(frames[0]!.rewrite('{}')).toBe('\u001E{}\n');
  });
});
