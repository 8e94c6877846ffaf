import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { mutantsOf, mutate } from './mutants.ts';
import { SWITCH, withSwitches } from './switches.ts';

const numberedOf = (text: string) => mutantsOf('planted.ts', text).map((mutant, number) => ({ mutant, number }));

/** What the body of a function gives back, or how it fails. */
function resultOf(body: string, on?: number): string {
  const context = { [SWITCH]: (number: number): boolean => number === on };
  try {
    return inspect(runInNewContext(`(() => { ${body} })()`, context, { timeout: 2000 }));
  } catch (error) {
    return String(error);
  }
}

/** Pieces of code of the kinds that a switch has to leave whole; none loops, whatever is changed. */
const BODIES: readonly string[] = [
  'const f = (a, b) => (a < b ? a + 1 : b - 1); return [f(1, 2), f(2, 1), f(1, 1)];',
  'const s = [3, 1, 2]; return [s.filter((n) => n > 1).some((n) => n > 2), s.slice(1).toSorted(), Math.min(...s)];',
  'const o = { n: 2, m() { return this?.n; } }; return [o?.m(), o.m?.(), o?.n.toFixed(1).trim().startsWith("2")];',
  'const o = undefined; return [o?.a.b, o?.[0], o ?? 1, (o ?? 2) + 1];',
  'const l = []; for (let i = 0; l.length < 9 ? i < 3 : false; i++) { if (i === 1) continue; l.push(i); } return l;',
  'const l = [1, 2, 3]; l[l.length - 1] += 2; l[0]--; let n = null; n ??= l[1] * 2; delete l[1 - 1]; return [l, n];',
  'const [a = 1, { b = -2 } = {}] = []; return [a, b, !a, typeof a, `${a + b}`];',
  'function f() { throw new TypeError("no"); } try { f(); } catch (e) { return e.name + "!"; }',
  'class A { #n = 1; static s = true; get n() { return this.#n + 1; } set n(v) { this.#n = v; } m() { this.n = 5; } } ' +
    'class B extends A { constructor() { super(); this.n = 7; } } const b = new B(); return [b.n, b.m(), b.n, A.s];',
  'let n = 0; const f = () => { n += 1; return; }; f(); if (n > 0) f(); else n = 9; do { n++; } while (n > -9 ? n < 4 : false); return n;',
  'const x = true && false || true && !false; switch (x) { case true: break; default: return "d"; } return x && "t";',
  'function* g() { yield 1; yield* [2, 3]; } return [...g(), ...[4].map((n) => ({ n }))];',
  'const f = ({ a = [1], b }) => (a.length > 0 && b !== "x" ? a : undefined); return [f({}), f({ b: "x" })];',
];

describe('a text with all mutants behind switches', () => {
  test.each(BODIES)('does what the file does, and with one on what that mutant does: `%s`', (body) => {
    // A module has no `return` of its own.
    const text = `const it = () => { ${body} };`;
    const bodyOf = (whole: string): string => whole.slice('const it = () => {'.length, -'};'.length);
    const inner = numberedOf(text).filter(({ mutant }) => mutant.start > 'const it = () => '.length);
    const { text: switched, left } = withSwitches('planted.ts', text, inner);
    expect(left).toEqual([]);
    expect(resultOf(bodyOf(switched))).toEqual(resultOf(body));
    const changed = inner.filter(({ mutant, number }) => {
      const alone = resultOf(bodyOf(mutate(text, mutant)));
      expect(resultOf(bodyOf(switched), number), mutant.now).toEqual(alone);
      return alone !== resultOf(body);
    });
    expect(changed.length).toBeGreaterThan(0);
  });

  test('keeps types, and what takes a text of its own is said', () => {
    const text = 'const a = (b as string[])!.filter((c): c is "x" => c === "x") satisfies readonly string[];';
    const { text: switched, left } = withSwitches('planted.ts', text, numberedOf(text));
    expect(left).toEqual([]);
    expect(mutantsOf('planted.ts', switched).length).toBeGreaterThan(0);
    const broken = { ...numberedOf('f(a);')[0]!, number: 5 };
    const unsound = { ...broken, mutant: { ...broken.mutant, replacement: '(' } };
    expect(withSwitches('planted.ts', 'f(a);', [unsound])).toEqual({ text: 'f(a);', left: [unsound] });
  });
});
