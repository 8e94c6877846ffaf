import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';
import type { Piece, ReleasedText } from './types.ts';

const piece = (text: string, from = 0, edited = false): ReleasedText => ({
  kind: 'text',
  channel: 'text',
  block: '',
  text,
  from,
  to: from + text.length,
  edited,
});
const textOf = (pieces: readonly Piece<string>[]): string =>
  pieces.map((one) => (one.kind === 'text' ? one.text : `<${one.value}>`)).join('');

describe('even release', () => {
  it('lets what a verdict freed leave until the next one is expected, and nothing twice', () => {
    const pacer = new Pacer<string>();
    const given = 'x'.repeat(120) + 'y'.repeat(120);
    pacer.add([piece(given)], 0);
    let out = '';
    const steps: number[] = [];
    for (let now = 0; now <= 600; now += 40) {
      const step = textOf(pacer.take(now));
      steps.push(step.length);
      out += step;
    }
    expect(out.length).toBeGreaterThan(120);
    expect(Math.max(...steps)).toBeLessThan(60);
    expect(out + textOf(pacer.all())).toBe(given);
    expect(pacer.isEmpty).toBe(true);
  });

  it.each([100, 200, 1500])('learns how far verdicts are from each other: %i ms', (apart) => {
    const pacer = new Pacer<string>();
    const steps: number[] = [];
    for (let now = 0; now <= 30 * apart; now += 10) {
      if (now % apart === 0) pacer.add([piece('x'.repeat(300))], now);
      const step = textOf(pacer.take(now)).length;
      if (now > 20 * apart) steps.push(step);
    }
    const even = 300 / (apart / 10);
    expect(Math.max(...steps)).toBeLessThan(2 * even + 2);
    expect(Math.min(...steps)).toBeGreaterThan(even / 2 - 2);
  });

  it('says of each part of a piece what of the original it stands for', () => {
    const pacer = new Pacer<string>();
    pacer.add([piece('a'.repeat(100), 50)], 0);
    const [head] = pacer.take(40);
    const [rest] = pacer.all();
    expect(head).toMatchObject({ from: 50 });
    expect(rest).toMatchObject({ from: (head as ReleasedText).to, to: 150 });
  });

  it('keeps the order of attachments, masks whole and pairs together', () => {
    const pacer = new Pacer<string>();
    pacer.add([{ kind: 'attachment', value: 'a' }, piece('😀'.repeat(40)), { kind: 'attachment', value: 'b' }], 0);
    pacer.add([piece('[EMAIL] and more of it', 80, true)], 0);
    const parts: string[] = [];
    for (let now = 0; !pacer.isEmpty && now < 10_000; now += 10) parts.push(textOf(pacer.take(now)));
    const said = parts.filter((part) => part !== '');
    expect(said.join('')).toBe(`<a>${'😀'.repeat(40)}<b>[EMAIL] and more of it`);
    expect(said.every((part) => part.isWellFormed())).toBe(true);
    expect(said.at(-1)).toContain('[EMAIL] and more of it');
  });

  it('never stands still while there is text, however far the next verdict is', () => {
    const pacer = new Pacer<string>();
    for (let now = 0; now <= 60_000; now += 20_000) pacer.add([piece('z'.repeat(10))], now);
    let still = 0;
    let longest = 0;
    for (let now = 60_000; !pacer.isEmpty; now += 40) {
      still = textOf(pacer.take(now)) === '' ? still + 40 : 0;
      longest = Math.max(longest, still);
    }
    expect(longest).toBeLessThanOrEqual(40);
  });

  it('lets the first look see 40 ms of what is to leave within 600', () => {
    const pacer = new Pacer<string>();
    expect(Object.isFrozen(pacer.take(0))).toBe(true);
    pacer.add([piece('x'.repeat(300))], 0);
    // 300 units in 600 ms: 20 in the first 40, and half a unit each millisecond from then on.
    expect(textOf(pacer.take(0))).toHaveLength(20);
    expect(textOf(pacer.take(20))).toHaveLength(9);
    expect(textOf(pacer.take(20))).toHaveLength(0);
  });

  it('gives what is read slowly 24 units a second at least', () => {
    const pacer = new Pacer<string>();
    pacer.add([piece('abc')], 0);
    expect(textOf(pacer.take(0))).toBe('');
    expect(textOf(pacer.take(1))).toBe('');
    expect(textOf(pacer.take(42))).toBe('a');
    expect(textOf(pacer.take(84))).toBe('b');
    expect([textOf(pacer.take(125)), pacer.isEmpty]).toEqual(['c', true]);
  });

  it('learns three tenths of the last distance of verdicts, and nothing of those that come at once', () => {
    const pacer = new Pacer<string>();
    pacer.add([piece('x'.repeat(10))], 0);
    pacer.all();
    pacer.add([piece('x'.repeat(10))], 0);
    pacer.all();
    pacer.add([piece('x'.repeat(10))], 1600);
    pacer.all();
    pacer.add([{ kind: 'attachment', value: 'a' }], 9000);
    expect(textOf(pacer.all())).toBe('<a>');
    // 600 + 0.3 x (1600 - 600) = 900, and the next after 900 again: 450 units leave in 900 ms.
    pacer.add([piece('x'.repeat(450))], 2500);
    expect(textOf(pacer.take(2500))).toHaveLength(20);
  });

  it('begins anew after everything was taken or dropped, and when nothing waited at the last look', () => {
    for (const end of ['all', 'drop'] as const) {
      const pacer = new Pacer<string>();
      pacer.add([piece('x'.repeat(600))], 0);
      pacer[end]();
      expect(pacer.isEmpty).toBe(true);
      expect(pacer.take(100)).toEqual([]);
      pacer.add([piece('y'.repeat(3))], 0);
      expect(textOf(pacer.take(100))).toBe('');
    }
    const pacer = new Pacer<string>();
    pacer.take(0);
    pacer.take(10_000);
    pacer.add([piece('z'.repeat(300))], 10_000);
    expect(textOf(pacer.take(10_000))).toHaveLength(20);
  });

  it('cuts nothing off that is less than a unit, a mask or half a pair', () => {
    const pacer = new Pacer<string>();
    pacer.add([piece('ab', 5)], 0);
    pacer.take(0);
    expect(pacer.take(10)).toEqual([{ ...piece('a', 5) }]);
    expect(pacer.all()).toEqual([{ ...piece('b', 6) }]);
    const pair = new Pacer<string>();
    pair.add([piece('\u{1F600}b', 5)], 0);
    pair.take(0);
    expect(pair.take(10)).toEqual([]);
    expect(pair.take(50)).toEqual([{ ...piece('\u{1F600}', 5) }]);
  });
});
