import type { Strike } from '../contract/ruling.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Match } from './evaluate-rules.ts';

interface Entry {
  points: number;
  /** In the order of the matches, which is by id; a rule may strike a ladder and put the subject on it. */
  readonly rules: Set<string>;
}

const NO_LABELS: readonly string[] = Object.freeze([]);
const NO_STRIKES: readonly Strike[] = Object.freeze([]);

/** The labels of all matched rules, sorted. A rule in shadow adds none. */
export function labelsOf(matches: readonly Match[]): readonly string[] {
  let labels: Set<string> | undefined;
  for (const { rule } of matches) {
    if (rule.shadow) continue;
    for (const label of rule.label) (labels ??= new Set()).add(label);
  }
  return labels === undefined ? NO_LABELS : Object.freeze([...labels].sort());
}

/**
 * Per ladder the largest strike of the matched rules, not the sum, sorted by ladder.
 * A cooldown rule strikes as many points as start a cooldown: that is how it puts the subject on its ladder.
 */
export function strikesOf(policy: CompiledPolicy, matches: readonly Match[]): readonly Strike[] {
  let strikes: Map<string, Entry> | undefined;
  const strike = (ladder: string, points: number, rule: string): void => {
    strikes ??= new Map<string, Entry>();
    const entry = strikes.get(ladder);
    if (entry === undefined) strikes.set(ladder, { points, rules: new Set([rule]) });
    else {
      entry.points = Math.max(entry.points, points);
      entry.rules.add(rule);
    }
  };
  for (const { rule } of matches) {
    if (rule.shadow) continue;
    for (const ladder in rule.strike) strike(ladder, rule.strike[ladder]!, rule.id);
    // A policy whose rule names an unknown ladder does not load.
    if (rule.ladder !== undefined) strike(rule.ladder, policy.ladders[rule.ladder]!.after.strikes, rule.id);
  }
  if (strikes === undefined) return NO_STRIKES;
  const entries = strikes;
  return Object.freeze(
    [...entries.keys()].sort().map((ladder) => {
      const { points, rules } = entries.get(ladder)!;
      return Object.freeze({ ladder, points, rules: Object.freeze([...rules]) });
    }),
  );
}
