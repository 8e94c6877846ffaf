import { AUTHOR_REASON } from '../../contract/reasons.ts';
import { typeMatches } from '../../contract/signal.ts';
import type { LadderDocument, PolicyDocument, RuleDocument } from './document.ts';
import type { Path, Problem, Report } from './locate.ts';
import { durationMs } from './duration.ts';
import { pathText } from './locate.ts';
import { exemptionProblems, limitProblems, shareProblems } from './structure-limits.ts';
import { detectorProblems } from './structure-patterns.ts';
import { listOf } from './lists.ts';
import { didYouMean } from '../../suggest.ts';

/**
 * What the schema cannot see and would be silently ineffective (D8), as far as the policy alone tells. `broken` says
 * which places the schema refused: what depends on them is not judged. `placeOf` names another place in a message.
 */
export function structureProblems(
  document: PolicyDocument,
  broken: (path: Path) => boolean,
  placeOf: (path: Path) => string = pathText,
): Problem[] {
  const problems: Problem[] = [];
  const each = <T>(section: string, list: readonly T[] | undefined, check: (item: T, path: Path) => void): void => {
    for (const [i, item] of entriesOf(list).entries()) {
      const path = [section, i];
      if (!broken(path)) check(item, path);
    }
  };
  const report: Report = (code, path, message, atKey = false) => void problems.push({ path, code, message, atKey });
  const ladders = idsOf(document.cooldowns).flatMap((id) => id ?? []);

  duplicateIds(document, placeOf, report);
  malformedReasons(document, report);
  if (!broken(['masks'])) maskProblems(document, report);
  for (const [i, rule] of entriesOf(document.rules).entries()) {
    const path = ['rules', i];
    if (typeof rule === 'object' && rule !== null && !Array.isArray(rule))
      ruleProblems(rule, path, { ladders, broken, report });
  }
  each('cooldowns', document.cooldowns, (ladder, path) => ladderProblems(ladder, path, document, report));
  if (document.share !== undefined && !broken(['share'])) shareProblems(document.share, report);
  each('limits', document.limits, (limit, path) => limitProblems(limit, path, report));
  each('exempt', document.exempt, (exemption, path) => exemptionProblems(exemption, path, report));
  each('detectors', document.detectors, (detector, path) => detectorProblems(detector, path, report));
  return problems;
}

/** The schema may have refused the list or an entry of it; what is left is looked at all the same. */
function entriesOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? (list as readonly T[]) : [];
}

function idsOf(list: readonly { readonly id: string }[] | undefined): readonly (string | undefined)[] {
  return entriesOf<{ readonly id?: unknown } | null>(list).map((item) =>
    typeof item?.id === 'string' ? item.id : undefined,
  );
}

/** Rules, ladders, limits and exemptions share one space of names: a decision names whichever of them decided. */
function duplicateIds(document: PolicyDocument, placeOf: (path: Path) => string, report: Report): void {
  const seen = new Map<string, string>();
  for (const section of ['rules', 'cooldowns', 'limits', 'exempt'] as const) {
    for (const [i, id] of idsOf(document[section]).entries()) {
      if (id === undefined) continue;
      const before = seen.get(id);
      if (before !== undefined)
        report('ID_DUPLICATE', [section, i, 'id'], `the id \`${id}\` is already used by ${before}; ids must differ`);
      else seen.set(id, placeOf([section, i]));
    }
  }
}

/** Looked at in every rule: nothing else that is wrong with one can make its reason right. */
function malformedReasons(document: PolicyDocument, report: Report): void {
  for (const [i, rule] of entriesOf<{ readonly reason?: unknown } | null>(document.rules).entries()) {
    const reason = rule?.reason;
    if (typeof reason !== 'string' || AUTHOR_REASON.test(reason)) continue;
    const better = reasonFor(reason.replace(/^p[_-]/i, ''));
    const message = `the reason \`${reason}\` must be \`P_\` and 2 to 60 capital letters, digits or \`_\`; write \`${better}\``;
    report('REASON_INVALID', ['rules', i, 'reason'], message);
  }
}

interface RuleContext {
  readonly ladders: readonly string[];
  readonly broken: (path: Path) => boolean;
  readonly report: Report;
}

function ruleProblems(rule: RuleDocument, path: Path, { ladders, broken, report }: RuleContext): void {
  const at = (field: keyof RuleDocument): Path => [...path, field];
  /** What the schema refused is there, and nobody knows what it says. */
  const clear = (...fields: readonly (keyof RuleDocument)[]): boolean => fields.every((field) => !broken(at(field)));
  const stages = clear('on') ? listOf(rule.on) : [];
  const needs = (field: keyof RuleDocument, met: boolean, advice: string): void => {
    if (rule[field] !== undefined && !met)
      report('NO_EFFECT', at(field), `\`${field}\` has no effect here: ${advice}`, true);
  };
  const knownLadder = (name: string, place: Path, atKey: boolean): void => {
    if (ladders.includes(name)) return;
    const advice = didYouMean(name, ladders) || '; add it under `cooldowns`';
    report('LADDER_UNKNOWN', place, `unknown ladder \`${name}\`${advice}`, atKey);
  };

  const onlyTools = stages.every((stage) => stage === 'tool_call' || stage === 'tool_result');
  if (clear('on'))
    needs(
      'tool',
      onlyTools,
      'only `tool_call` and `tool_result` have a tool; write a rule of its own for the other stages',
    );
  if (clear('ladder') && rule.ladder !== undefined) knownLadder(rule.ladder, at('ladder'), false);
  if (clear('strike')) {
    for (const name of Object.keys(rule.strike ?? {})) knownLadder(name, [...path, 'strike', name], true);
    if (rule.strike !== undefined && Object.keys(rule.strike).length === 0)
      report('NO_EFFECT', at('strike'), 'no ladder is struck; name one, such as `strike: { abuse: 1 }`');
  }
  // Everything else depends on the effect. One that stands under another name is refused there.
  if (!clear('then') || NAMES_OF_THEN.some((name) => Object.hasOwn(rule, name))) return;
  if (rule.then === undefined && rule.label === undefined && rule.strike === undefined)
    report('NO_EFFECT', path, 'the rule does nothing; give it `then`, `label` or `strike`');
  if (rule.then !== undefined && rule.then !== 'allow' && rule.reason === undefined) {
    const message = `a rule with \`then: ${rule.then}\` needs a \`reason\`, such as \`reason: ${reasonFor(rule.id)}\``;
    report('FIELD_NEEDED', at('then'), message);
  }
  needs('reason', rule.then !== undefined, 'only a rule with `then` decides anything');
  if (clear('mode'))
    needs('onError', rule.then !== undefined && rule.mode !== 'shadow', 'only a rule that votes can fail a decision');

  if (rule.then === 'redact' && rule.detect === undefined)
    report('FIELD_NEEDED', at('then'), '`redact` needs `detect`: it masks what was detected');
  if (clear('on')) {
    const editsArgs = rule.then === 'redact' && stages.includes('tool_call');
    if (editsArgs && clear('editArgs') && rule.editArgs !== true)
      report(
        'FIELD_NEEDED',
        at('then'),
        '`redact` on `tool_call` would rewrite arguments; say `editArgs: true` if that is meant',
      );
    needs('editArgs', editsArgs, 'it belongs to `then: redact` on `tool_call`');
  }
  needs('mask', rule.then === 'redact', 'it belongs to `then: redact`');
  needs('extent', rule.then === 'redact', 'it belongs to `then: redact`');
  if (rule.extent === 'value' && stages.includes('output') && clear('on'))
    report(
      'NO_EFFECT',
      at('extent'),
      'the beginning of a value on `output` has left when a match in it is found; name other stages',
    );

  if (rule.then === 'cooldown' && rule.ladder === undefined)
    report('FIELD_NEEDED', at('then'), '`cooldown` needs `ladder`: the entry under `cooldowns` that says how long');
  needs('ladder', rule.then === 'cooldown', 'it belongs to `then: cooldown`; to count offences use `strike`');

  const mayTrail = stages.includes('output') && rule.then !== undefined && rule.mode !== 'shadow';
  if (rule.stream === 'trail' && clear('on', 'mode'))
    needs('stream', mayTrail, 'only a voting rule on `output` holds a stream');
}

const NAMES_OF_THEN = ['action', 'effect', 'do', 'Then'];

function ladderProblems(ladder: LadderDocument, path: Path, document: PolicyDocument, report: Report): void {
  const used = entriesOf<RuleDocument | null>(document.rules).some(
    (rule) => rule?.ladder === ladder.id || Object.hasOwn(rule?.strike ?? {}, ladder.id),
  );
  if (!used) {
    const message = `no rule puts anyone on the ladder \`${ladder.id}\`; add \`strike: { ${ladder.id}: 1 }\` to one`;
    report('NO_EFFECT', [...path, 'id'], message);
  }
  if (ladder.escalate !== undefined && durationMs(ladder.escalate.max) < durationMs(ladder.for))
    report('VALUE_RANGE', [...path, 'escalate', 'max'], '`max` is shorter than the first cooldown (`for`)');
}

/** A mask that no redaction could ever put. */
function maskProblems(document: PolicyDocument, report: Report): void {
  const redacted = entriesOf<RuleDocument | null>(document.rules)
    .filter((rule) => rule?.then === 'redact' && rule.mask === undefined)
    .flatMap((rule) => listOf(rule?.detect))
    .map((term) => (typeof term === 'string' ? term : term?.type));
  for (const type of Object.keys(document.masks ?? {})) {
    const meets = redacted.some(
      (wanted) => typeof wanted === 'string' && (typeMatches(type, wanted) || typeMatches(wanted, type)),
    );
    if (meets) continue;
    const near = redacted.find((wanted) => wanted?.endsWith(`.${type}`));
    const advice = near === undefined ? '' : `; did you mean \`${near}\`?`;
    report('NO_EFFECT', ['masks', type], `the mask of \`${type}\` has no effect: no rule redacts it${advice}`, true);
  }
}

/** A reason that is accepted, made of what the author wrote: `no-keys` becomes `P_NO_KEYS`, and `a` `P_RULE_A`. */
function reasonFor(name: unknown): string {
  const screaming = String(name)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60);
  return screaming.length < 2 ? `P_RULE_${screaming || '1'}` : `P_${screaming}`;
}
