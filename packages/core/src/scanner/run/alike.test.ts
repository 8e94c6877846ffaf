import { describe, expect, it } from 'vitest';
import { compilePlan } from '../compile.ts';
import type { Pattern } from '../../contract/detector.ts';
import { ACTION, APPEND_BIT, type Dfa, KEEP_BIT, MAX_KEEP, OFFSET, UNKNOWN } from './dfa.ts';
import { SetScan } from './scan.ts';

const PATTERNS: readonly Pattern[] = [
  { type: 'word', find: /(?<![\w.])[\w.]{1,64}@[a-z]+\.(?:com|org)\b/ },
  { type: 'key', find: /(?:key|token|ket)[=:]\s?[a-f\d]{4,8}(?!\w)/i, fold: true },
  { type: 'many', find: /[ab]*(?:cat|dog|cow|bat|bee|ant|ape)s?$/m },
  { type: 'digits', find: /\d{2,5}(?=[a-f])/ },
  { type: 'phrase', find: { phrase: 'make tea' } },
  { type: 'mark', find: /-\u0301x|\u{1F600}y/u },
];
const TEXT = 'make t3a@b.com cats 123f tоken=aff1 abba\u00adcat key: 00ff\n cow\u{1F600}y 12 bee ﬁt Make Tea ';

interface Step {
  readonly kernel: readonly number[];
  readonly kept: readonly number[];
  readonly appended: boolean;
  readonly accepts: readonly number[];
}

/** What an entry of the table says. */
function said(dfa: Dfa, entry: number): Step {
  const action = (entry & ACTION) === 0 ? undefined : dfa.actions[entry & OFFSET]!;
  const keep = (entry >> KEEP_BIT) & MAX_KEEP;
  return {
    kernel: dfa.kernelOf(action?.next ?? entry & OFFSET),
    kept: action?.kept ?? Array.from({ length: keep }, (_, i) => i),
    appended: action?.appended ?? ((entry >> APPEND_BIT) & 1) === 1,
    accepts: action?.accepts ?? [],
  };
}

function computed({ stepper }: Dfa, kernel: readonly number[], unitClass: number): Step {
  stepper.step(kernel, kernel.length, unitClass);
  const { next, length, kept, appended, accepts } = stepper;
  return { kernel: next.slice(0, length), kept: kept.slice(), appended, accepts: accepts.slice() };
}

describe('classes that a kernel cannot tell apart', () => {
  it('have the entries that a step on each would have', async () => {
    const { plan } = await compilePlan(PATTERNS, { prewarm: false });
    const dfa = plan.automata[0]!;
    const scan = new SetScan(plan, () => undefined);
    for (let i = 0; i < 20; i++) scan.write(TEXT.slice(i) + TEXT.slice(0, i));
    const { misses } = dfa;
    let known = 0;
    for (let state = 0; state < dfa.states; state++) {
      const row = state * dfa.classes.stride;
      for (let unitClass = 1; unitClass < dfa.classes.stride; unitClass++) {
        const entry = dfa.table[row + unitClass]!;
        if (entry === UNKNOWN) continue;
        known++;
        expect(said(dfa, entry)).toEqual(computed(dfa, dfa.kernelOf(row), unitClass));
      }
    }
    // One step fills more than one entry.
    expect(known).toBeGreaterThan(misses * 3);
  });
});
