import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boundaryOf, multipartFraming, PART } from './multipart.ts';

const part = (value: unknown, head = 'Content-Type: application/json; charset=utf-8'): string =>
  `\r\n${head}\r\n\r\n${JSON.stringify(value)}\r\n---`;
const WIRE = `---${part({ a: 1, hasNext: true })}${part({})}${part({ b: '--- "\r\n---" 🌍' })}--\r\n`;

function read(chunks: readonly string[]) {
  const framing = multipartFraming('-');
  return [...chunks.flatMap((chunk) => framing.push(chunk)), ...framing.end()];
}

describe('parts of a body', () => {
  it('lose nothing, and do not care how the text was cut', () => {
    const whole = read([WIRE]);
    expect(whole.map(({ raw }) => raw).join('')).toBe(WIRE);
    expect(whole.map(({ name, data }) => [name, data])).toEqual([
      [undefined, undefined],
      [PART, '{"a":1,"hasNext":true}'],
      [PART, '{}'],
      [PART, JSON.stringify({ b: '--- "\r\n---" 🌍' })],
      [undefined, undefined],
    ]);
    fc.assert(
      fc.property(fc.array(fc.nat(WIRE.length), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), WIRE.length];
        const cut = read(at.slice(1).map((end, index) => WIRE.slice(at[index], end)));
        expect(cut.map(({ raw, data }) => [raw, data])).toEqual(whole.map(({ raw, data }) => [raw, data]));
      }),
    );
  });

  it('are whole when the boundary behind them is there', () => {
    const framing = multipartFraming('-');
    expect(framing.push(`---${part({ a: 1 }).slice(0, -1)}`)).toHaveLength(1);
    expect(framing.pending()).toBeGreaterThan(0);
    expect(framing.push('-').map(({ data }) => data)).toEqual(['{"a":1}']);
    expect(framing.pending()).toBe(0);
  });

  it('with a mask have their own length, and everything else as it was written', () => {
    const head = 'Content-Type: application/json\r\nContent-Length: 7';
    const [, one] = read([`---${part({ a: 1 }, head)}--`]);
    expect(one!.rewrite('{"a":"ä"}')).toBe(
      '\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a":"ä"}\r\n---',
    );
  });

  it('have headers that somebody may read', () => {
    const [, plain] = read([`---${part(1)}`]);
    expect(plain!.fields).toBeUndefined();
    const [, noted] = read([`---${part(1, 'X-Note: the plan\r\nContent-Type: text/plain')}`]);
    expect(noted!.fields).toEqual(['X-Note: the plan', 'Content-Type: text/plain']);
    expect(read(['before\r\n---'])[0]!.fields).toEqual(['before']);
    expect(read([`${WIRE}behind`]).at(-1)).toMatchObject({ closes: true, fields: ['behind'] });
    expect(read(['---\r\nno end of its headers'])[1]).toMatchObject({ fields: ['no end of its headers'] });
  });

  it('one that is under way when the answer is stopped ends there', () => {
    const framing = multipartFraming('-');
    framing.push('---\r\nContent-Type: application/json\r\n\r\n{"a":');
    expect(framing.ending([{ data: '{}' }], true)).toBe(
      '\r\n---\r\nContent-Type: application/json\r\n\r\n{}\r\n-----\r\n',
    );
    expect(multipartFraming('x').ending([{ event: 'governance', data: '{}', final: true }], false)).toBe(
      '--x\r\nContent-Type: application/json\r\n\r\n{"governance":{}}\r\n--x--\r\n',
    );
  });

  it.each([
    ['multipart/mixed; boundary="-"', '-'],
    ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0', 'graphql'],
    ['multipart/mixed; deferSpec=20220824; Boundary="a b"', 'a b'],
    ['multipart/mixed', '-'],
  ])('%s', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});
