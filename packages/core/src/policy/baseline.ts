import type { CompiledRule } from './compiled.ts';
import type { PolicyDocument, RuleDocument } from './document/document.ts';
import type { Origin, Path, Problem } from './document/locate.ts';
import { typeMatches } from '../contract/signal.ts';
import { listOf } from './document/lists.ts';
import { placeText } from './document/locate.ts';

/**
 * What a policy would take from the rules of its baseline without naming them: an exemption from what they read, or a
 * label that makes a condition of theirs false, or an allow rule of theirs match.
 */
export function baselineProblems(
  document: PolicyDocument,
  origin: Origin,
  rules: readonly CompiledRule[],
): readonly Problem[] {
  const { partOf } = origin;
  if (partOf === undefined) return [];
  const compiled = new Map(rules.map((rule) => [rule.id, rule]));
  const kept = (document.rules ?? []).flatMap((written, index) => {
    const rule = compiled.get(written.id);
    const isKept = partOf('rules', index).isBaseline && written.overridable !== true && rule !== undefined;
    return isKept
      ? [{ rule, place: placeText(partOf('rules', index).locator, ['rules', partOf('rules', index).index]) }]
      : [];
  });
  const problems: Problem[] = [];
  const refuse = (path: Path, message: string): void =>
    void problems.push({ path, code: 'BASELINE_WEAKENED', message });

  for (const [index, { id, on, detect }] of (document.exempt ?? []).entries()) {
    if (partOf('exempt', index).isBaseline) continue;
    const types = listOf(detect);
    const taken = kept.find(
      ({ rule }) =>
        rule.on.some((stage) => listOf(on).includes(stage)) &&
        [...rule.detect.map(({ type }) => type), ...(rule.when?.signalTypes ?? [])].some((read) =>
          types.some((type) => typeMatches(read, type) || typeMatches(type, read)),
        ),
    );
    if (taken === undefined) continue;
    const message = `the exemption \`${id}\` would take signals from the rule \`${taken.rule.id}\` of the baseline (${taken.place}), which is not \`overridable\``;
    refuse(['exempt', index, 'detect'], message);
  }
  for (const [index, rule] of (document.rules ?? []).entries()) {
    if (partOf('rules', index).isBaseline) continue;
    const taken = labelTaken(rule, kept);
    if (taken === undefined) continue;
    const message = `the label \`${taken.label}\` would weaken the rule \`${taken.rule.id}\` of the baseline (${taken.place}), whose condition reads it; choose another name`;
    refuse(['rules', index, 'label'], message);
  }
  return problems;
}

interface Kept {
  readonly rule: CompiledRule;
  readonly place: string;
}

/**
 * The rule of the baseline that a label can weaken. Where a label can only make a stopping rule match, it makes it
 * stricter.
 */
function labelTaken({ label }: RuleDocument, kept: readonly Kept[]): (Kept & { readonly label: string }) | undefined {
  for (const name of listOf(label)) {
    const found = kept.find(({ rule }) =>
      (rule.when?.labels ?? []).some((read) => read.name === name && (!read.isMonotone || rule.then === 'allow')),
    );
    if (found !== undefined) return { ...found, label: name };
  }
  return undefined;
}
