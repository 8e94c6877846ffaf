import type { DetectorInfo } from '../contract/detector.ts';
import type { Channel, Role, Stage } from '../contract/event.ts';
import { STAGES } from '../contract/event.ts';
import { typeMatches } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule } from './compiled.ts';
import type { PolicyDocument } from './document/document.ts';
import type { Warning } from './document/locate.ts';
import { listOf } from './document/lists.ts';
import { listed } from '../suggest.ts';
import { unusedSettings } from './unused-settings.ts';

/**
 * What loads and, as far as the policy alone tells, does nothing (D8). A part that certainly does nothing is refused;
 * here is what an application could still give a meaning to: a label that its code adds, an odd role that its adapter
 * writes.
 */
export function ineffectiveParts(
  document: PolicyDocument,
  policy: CompiledPolicy,
  catalogue: readonly DetectorInfo[],
): readonly Warning[] {
  const rules = rulesOf(policy);
  return [
    ...nothingGoverned(document),
    ...unneededAllows(document, policy),
    ...unreadDetectors(document, policy, catalogue),
    ...unusualSegments(document),
    ...unsetLabels(document, rules),
    ...unusedSettings(document, policy, catalogue),
  ];
}

function rulesOf({ stages }: CompiledPolicy): readonly CompiledRule[] {
  return [...new Map(STAGES.flatMap((stage) => stages[stage].rules).map((rule) => [rule.id, rule])).values()];
}

function nothingGoverned({ rules = [], limits = [], default: fallback }: PolicyDocument): readonly Warning[] {
  const blocks = fallback === 'block' || (typeof fallback === 'object' && Object.values(fallback).includes('block'));
  if (blocks || limits.length > 0 || rules.some(({ then, mode }) => then !== undefined || mode === 'shadow')) return [];
  const message =
    rules.length === 0
      ? 'the policy has no rules, so it governs nothing; add one under `rules`'
      : 'no rule has an effect, so the policy stops nothing; give one `then`';
  return [{ path: [rules.length === 0 ? 'policy' : 'rules'], code: 'NOTHING_GOVERNED', message, atKey: true }];
}

/** Nothing needs permission where nothing is blocked by default. */
function unneededAllows({ rules = [] }: PolicyDocument, { stages }: CompiledPolicy): readonly Warning[] {
  return rules.flatMap(({ then, on }, index): Warning[] => {
    if (then !== 'allow' || listOf(on).some((stage) => stages[stage].default === 'block')) return [];
    const message = `an \`allow\` rule changes nothing here: the default of ${listed(listOf(on))} is \`allow\`, and stricter rules win; say \`default: block\`, or except what should pass`;
    return [{ path: ['rules', index, 'then'], code: 'ALLOW_UNNEEDED', message }];
  });
}

/**
 * A detector of the document whose findings nobody reads. Those of the application need not be read by every policy.
 */
function unreadDetectors(
  { detectors = [] }: PolicyDocument,
  policy: CompiledPolicy,
  catalogue: readonly DetectorInfo[],
): readonly Warning[] {
  const wanted = [
    ...rulesOf(policy).flatMap(({ detect, when }) => [...detect.map(({ type }) => type), ...(when?.signalTypes ?? [])]),
    ...[...policy.gates.values()].flatMap(({ signalTypes }) => signalTypes),
  ];
  const isRead = (type: string): boolean => wanted.some((read) => typeMatches(type, read) || typeMatches(read, type));
  const types = new Set(catalogue.flatMap((info) => info.types));
  return detectors.flatMap((detector, index): Warning[] => {
    const name = 'use' in detector ? detector.use : detector.id;
    const head = headOf(name, types);
    if (isRead(head) || wanted.some((read) => typeMatches(read, head))) return [];
    const message = `no rule reads what \`${name}\` finds; name it in a rule, such as \`detect: ${head}\`, or remove it`;
    return [{ path: ['detectors', index], code: 'DETECTOR_UNREAD', message }];
  });
}

/** The signal types that a name stands for: `secrets` reports `secret.*`, `pii/de` reports `pii.*`. */
function headOf(name: string, types: ReadonlySet<string>): string {
  const pack = name.split('/', 1)[0]!;
  if (pack.includes('.') || types.has(pack)) return pack;
  const singular = pack.replace(/s$/, '');
  return [...types].some((type) => typeMatches(type, pack)) ? pack : singular;
}

/** Who speaks at a stage, as adapters have it. */
const ROLES: { readonly [S in Stage]: readonly Role[] } = {
  input: ['system', 'user', 'assistant', 'tool'],
  retrieval: ['tool'],
  output: ['assistant'],
  tool_call: ['assistant'],
  tool_result: ['tool'],
};

const STAGES_OF_CHANNEL: { readonly [C in Channel]: readonly Stage[] } = {
  text: STAGES,
  reasoning: ['input', 'output'],
  tool_input: ['input', 'tool_call'],
};

function unusualSegments({ rules = [] }: PolicyDocument): readonly Warning[] {
  return rules.flatMap(({ on, role, channel }, index): Warning[] => {
    const stages = listOf(on);
    const warnings: Warning[] = [];
    const odd = listOf(role).filter((one) => !stages.some((stage) => ROLES[stage].includes(one)));
    if (odd.length > 0) {
      const usual = [...new Set(stages.flatMap((stage) => ROLES[stage]))];
      const message = `no adapter brings text of ${listed(odd)} at ${listed(stages)}; there it is of ${listed(usual)}`;
      warnings.push({ path: ['rules', index, 'role'], code: 'SEGMENT_UNUSUAL', message });
    }
    const nowhere = listOf(channel).filter((one) => !stages.some((stage) => STAGES_OF_CHANNEL[one].includes(stage)));
    if (nowhere.length > 0) {
      const advice = nowhere.includes('tool_input')
        ? 'what goes into a tool is decided at `on: tool_call`'
        : 'leave `channel` out';
      const message = `no adapter brings \`${nowhere.join('`, `')}\` at ${listed(stages)}; ${advice}`;
      warnings.push({ path: ['rules', index, 'channel'], code: 'SEGMENT_UNUSUAL', message });
    }
    return warnings;
  });
}

/** A label that a condition reads and no rule sets: only the application's code can. */
function unsetLabels(
  { rules: written = [], labels = {} }: PolicyDocument,
  rules: readonly CompiledRule[],
): readonly Warning[] {
  const set = new Set(rules.flatMap(({ label }) => label));
  const place = new Map(written.map(({ id }, index) => [id, index]));
  const missing = (name: string): string =>
    `no rule sets the label \`${name}\`; give one \`label: ${name}\`, unless the application adds it (\`interaction.addLabels\`)`;
  const read = rules.flatMap(({ id, when }): Warning[] =>
    (when?.labels ?? [])
      .filter(({ name }) => !set.has(name))
      .map(({ name, offset }) => ({
        path: ['rules', place.get(id) ?? 0, 'when'],
        code: 'LABEL_UNSET',
        message: missing(name),
        offset,
      })),
  );
  const kept = Object.keys(labels).filter((name) => !set.has(name));
  return [
    ...read,
    ...kept.map((name): Warning => ({
      path: ['labels', name],
      atKey: true,
      code: 'LABEL_UNSET',
      message: missing(name),
    })),
  ];
}
