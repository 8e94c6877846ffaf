import type { Findings } from '../contract/detector.ts';
import type { Exempted } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import type { ExemptTypes } from '../policy/exemptions.ts';

export const NONE_EXEMPTED: readonly Exempted[] = Object.freeze([]);

/** What the rules count: signals that are exempt stay in the ruling and concern no rule. */
export function withoutExempt(findings: Findings, exempt: ExemptTypes | undefined): Findings {
  if (exempt === undefined || findings.signals.length === 0) return findings;
  return { ...findings, signals: findings.signals.filter(({ type }) => exempt.of(type) === undefined) };
}

/** The exemptions that left something uncounted, sorted by id. */
export function exemptedIn(signals: readonly Signal[], exempt: ExemptTypes): readonly Exempted[] {
  const types = new Map<string, Set<string>>();
  for (const { type } of signals) {
    const id = exempt.of(type);
    if (id === undefined) continue;
    const known = types.get(id);
    if (known === undefined) types.set(id, new Set([type]));
    else known.add(type);
  }
  if (types.size === 0) return NONE_EXEMPTED;
  return Object.freeze(
    [...types.keys()].sort().map((id) => Object.freeze({ id, types: Object.freeze([...types.get(id)!].sort()) })),
  );
}
