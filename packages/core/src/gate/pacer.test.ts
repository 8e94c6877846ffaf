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
});
