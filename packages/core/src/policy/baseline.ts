import type { DetectorInfo } from '../contract/detector.ts';
import type { CompiledRule, Condition, ConditionLabel } from './compiled.ts';
import type { PolicyDocument } from './document/document.ts';
import type { Lineage, Origin, Path, Problem } from './document/locate.ts';
import { typeMatches } from '../contract/signal.ts';
import { isAccepted } from './document/lineage.ts';
import { listOf } from './document/lists.ts';
import { placeText } from './document/locate.ts';

interface Parts {
  readonly rules: readonly CompiledRule[];
  /** By id of a detector that is code: when it is asked. */
  readonly gates: ReadonlyMap<string, Condition>;
  readonly catalogue: readonly DetectorInfo[];
}

/**
 * What a policy would take from the rules of its baseline without naming them: an exemption from what they read, a
 * detector that is asked no more, or a label that makes a condition of theirs false, or an allow rule of theirs match.
 */
export function baselineProblems(document: PolicyDocument, origin: Origin, parts: Parts): readonly Problem[] {
  const { partOf, lineage } = origin;
  if (partOf === undefined || lineage === undefined) return [];
  const { kept, gates } = keptOf(document, partOf, parts);
  const refused: Problem[] = [];
  const refuse = (path: Path, message: string, from?: Problem['from']): void =>
    void refused.push({ path, code: 'BASELINE_WEAKENED', message, ...(from !== undefined && { from }) });
  const accepted = ({ owners }: Owned, by: readonly string[]): boolean => isAccepted(lineage, owners, by);

  for (const [index, { id, on, detect }] of (document.exempt ?? []).entries()) {
    const { owners } = partOf('exempt', index);
    const types = listOf(detect);
    const taken = kept.find(
      (one) =>
        !accepted(one, owners) &&
        one.rule.on.some((stage) => listOf(on).includes(stage)) &&
        readBy(one.rule).some((read) => types.some((type) => typeMatches(read, type) || typeMatches(type, read))),
    );
    if (taken === undefined) continue;
    const message = `the exemption \`${id}\` would take signals from the rule \`${taken.rule.id}\` of the baseline (${taken.place}), which is not \`overridable\``;
    refuse(['exempt', index, 'detect'], message);
  }
  for (const [index, detector] of (document.detectors ?? []).entries()) {
    if (!('use' in detector) || detector.when === undefined) continue;
    const { owners } = partOf('detectors', index);
    const types = parts.catalogue.find(({ id }) => id === detector.use)?.types ?? [];
    const taken = kept.find(
      (one) => !accepted(one, owners) && readBy(one.rule).some((read) => types.some((type) => typeMatches(type, read))),
    );
    if (taken === undefined) continue;
    const message = `\`when\` would leave texts unasked that the rule \`${taken.rule.id}\` of the baseline (${taken.place}) has asked about; the baseline may say \`when\` itself`;
    refuse(['detectors', index, 'when'], message);
  }
  const readers = [...kept, ...gates];
  for (const [index, rule] of (document.rules ?? []).entries()) {
    const { owners } = partOf('rules', index);
    for (const label of listOf(rule.label)) {
      const taken = readers.find((one) => weakens(label, one) && !accepted(one, owners));
      if (taken === undefined) continue;
      const message = `the label \`${label}\` would weaken ${taken.what} of the baseline (${taken.place}), whose condition reads it; choose another name`;
      refuse(['rules', index, 'label'], message);
      break;
    }
  }
  for (const label of sessionLabelsIn(lineage)) {
    const by = [...lineage].filter(([, { sessionLabels }]) => sessionLabels.includes(label));
    const owners = by.map(([name]) => name);
    const isOpen = ({ owners: names }: Owned): boolean =>
      names.every((name) => lineage.get(name)?.overridable.includes('labels') === true);
    const taken = readers.find((one) => weakens(label, one) && !accepted(one, owners) && !isOpen(one));
    if (taken === undefined) continue;
    const message = `with \`${label}: session\` the label would weaken ${taken.what} of the baseline (${taken.place}) for as long as the session, and the baseline does not list \`labels\` under \`overridable\``;
    refuse(['labels', label], message, by.at(-1)![1].locator);
  }
  return refused;
}

const sessionLabelsIn = (lineage: Lineage): ReadonlySet<string> =>
  new Set([...lineage.values()].flatMap(({ sessionLabels }) => sessionLabels));

const readBy = ({ detect, when }: CompiledRule): readonly string[] => [
  ...detect.map(({ type }) => type),
  ...(when?.signalTypes ?? []),
];

/** Something of a policy that others must not make weaker. */
interface Owned {
  readonly owners: readonly string[];
  readonly place: string;
}

/** What reads labels. */
interface Reader extends Owned {
  readonly what: string;
  readonly labels: readonly ConditionLabel[];
  /** A label that makes the condition true makes this weaker, and not stricter. */
  readonly allows: boolean;
}

interface Kept extends Reader {
  readonly rule: CompiledRule;
}

/** Rules and conditions of detectors that nobody may replace. */
function keptOf(
  document: PolicyDocument,
  partOf: NonNullable<Origin['partOf']>,
  { rules, gates }: Parts,
): { readonly kept: readonly Kept[]; readonly gates: readonly Reader[] } {
  const compiled = new Map(rules.map((rule) => [rule.id, rule]));
  const owned = (section: 'rules' | 'detectors', index: number): Owned => {
    const { locator, index: at, owners } = partOf(section, index);
    return { owners, place: placeText(locator, [section, at]) };
  };
  const kept = (document.rules ?? []).flatMap(({ id, overridable }, index): Kept[] => {
    const rule = compiled.get(id);
    if (overridable === true || rule === undefined) return [];
    const labels = rule.when?.labels ?? [];
    return [{ ...owned('rules', index), what: `the rule \`${id}\``, labels, allows: rule.then === 'allow', rule }];
  });
  const asked = (document.detectors ?? []).flatMap((detector, index): Reader[] => {
    const gate = 'use' in detector && detector.overridable !== true ? gates.get(detector.use) : undefined;
    if (gate === undefined || !('use' in detector)) return [];
    const what = `the detector \`${detector.use}\``;
    return [{ ...owned('detectors', index), what, labels: gate.labels, allows: false }];
  });
  return { kept, gates: asked };
}

/** Where a label can only make a stopping rule match, it makes it stricter. */
const weakens = (label: string, { labels, allows }: Reader): boolean =>
  labels.some((read) => read.name === label && (!read.isMonotone || allows));
