import { AUTHOR_REASON } from '../../contract/reasons.ts';
import { argumentOf } from '../../contract/limits.ts';
import { isTimeZone } from './time-zone.ts';
import { typeMatches } from '../../contract/signal.ts';
import { type ForeignPattern, type ForeignPatternError, fromDialect } from '../../dialects/from-dialect.ts';
import type { DetectorDocument, LadderDocument, LimitDocument, PolicyDocument, RuleDocument } from './document.ts';
import type { Path, Problem } from './locate.ts';
import { durationMs } from './duration.ts';
import { listOf } from './lists.ts';
import { didYouMean } from '../../suggest.ts';

/**
 * What the schema cannot see and would be silently ineffective (D8), as far as the policy alone tells.
 * `broken` says which entries the schema refused: they are named by others, and not looked into.
 */
export function structureProblems(document: PolicyDocument, broken: (path: Path) => boolean): Problem[] {
  const problems: Problem[] = [];
  const each = <T>(section: string, list: readonly T[] | undefined, check: (item: T, path: Path) => void): void => {
    for (const [i, item] of entriesOf(list).entries()) {
      const path = [section, i];
      if (!broken(path)) check(item, path);
    }
  };
  const report: Report = (path, message, atKey = false) => void problems.push({ path, message, atKey });
  const ladders = idsOf(document.cooldowns).flatMap((id) => id ?? []);

  duplicateIds(document, report);
  malformedReasons(document, report);
  if (!broken(['masks'])) maskProblems(document, report);
  each('rules', document.rules, (rule, path) => ruleProblems(rule, path, ladders, report));
  each('cooldowns', document.cooldowns, (ladder, path) => ladderProblems(ladder, path, document, report));
  each('limits', document.limits, (limit, path) => limitProblems(limit, path, report));
  each('detectors', document.detectors, (detector, path) => detectorProblems(detector, path, report));
  return problems;
}

type Report = (path: Path, message: string, atKey?: boolean) => void;

/** The schema may have refused the list or an entry of it; what is left is looked at all the same. */
function entriesOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? (list as readonly T[]) : [];
}

function idsOf(list: readonly { readonly id: string }[] | undefined): readonly (string | undefined)[] {
  return entriesOf<{ readonly id?: unknown } | null>(list).map((item) =>
    typeof item?.id === 'string' ? item.id : undefined,
  );
}

/** Rules, ladders and limits share one space of names: a decision names whichever of them decided. */
function duplicateIds(document: PolicyDocument, report: Report): void {
  const seen = new Map<string, string>();
  for (const section of ['rules', 'cooldowns', 'limits'] as const) {
    for (const [i, id] of idsOf(document[section]).entries()) {
      if (id === undefined) continue;
      const before = seen.get(id);
      if (before !== undefined)
        report([section, i, 'id'], `the id \`${id}\` is already used by ${before}; ids must differ`);
      else seen.set(id, `${section}[${i}]`);
    }
  }
}

/** Looked at in every rule: nothing else that is wrong with one can make its reason right. */
function malformedReasons(document: PolicyDocument, report: Report): void {
  for (const [i, rule] of entriesOf<{ readonly reason?: unknown } | null>(document.rules).entries()) {
    const reason = rule?.reason;
    if (typeof reason !== 'string' || AUTHOR_REASON.test(reason)) continue;
    const message = `the reason \`${reason}\` must be \`P_\` and 2 to 60 capital letters, digits or \`_\``;
    report(['rules', i, 'reason'], message);
  }
}

function ruleProblems(rule: RuleDocument, path: Path, ladders: readonly string[], report: Report): void {
  const at = (field: keyof RuleDocument): Path => [...path, field];
  const stages = listOf(rule.on);
  const needs = (field: keyof RuleDocument, met: boolean, advice: string): void => {
    if (rule[field] !== undefined && !met) report(at(field), `\`${field}\` has no effect here: ${advice}`, true);
  };
  const knownLadder = (name: string, place: Path, atKey: boolean): void => {
    if (!ladders.includes(name)) {
      report(place, `unknown ladder \`${name}\`${didYouMean(name, ladders) || '; add it under `cooldowns`'}`, atKey);
    }
  };

  if (rule.then === undefined && rule.label === undefined && rule.strike === undefined) {
    report(path, 'the rule does nothing; give it `then`, `label` or `strike`');
  }
  if (rule.then !== undefined && rule.then !== 'allow' && rule.reason === undefined) {
    report(
      at('then'),
      `a rule with \`then: ${rule.then}\` needs a \`reason\`, such as \`reason: P_${screaming(rule.id)}\``,
    );
  }
  needs('reason', rule.then !== undefined, 'only a rule with `then` decides anything');
  needs('onError', rule.then !== undefined && rule.mode !== 'shadow', 'only a rule that votes can fail a decision');

  const onlyTools = stages.every((stage) => stage === 'tool_call' || stage === 'tool_result');
  needs(
    'tool',
    onlyTools,
    'only `tool_call` and `tool_result` have a tool; write a rule of its own for the other stages',
  );

  if (rule.then === 'redact' && rule.detect === undefined) {
    report(at('then'), '`redact` needs `detect`: it masks what was detected');
  }
  if (rule.then === 'redact' && stages.includes('tool_call') && rule.editArgs !== true) {
    report(at('then'), '`redact` on `tool_call` would rewrite arguments; say `editArgs: true` if that is meant');
  }
  needs(
    'editArgs',
    rule.then === 'redact' && stages.includes('tool_call'),
    'it belongs to `then: redact` on `tool_call`',
  );
  needs('mask', rule.then === 'redact', 'it belongs to `then: redact`');

  if (rule.then === 'cooldown' && rule.ladder === undefined) {
    report(at('then'), '`cooldown` needs `ladder`: the entry under `cooldowns` that says how long');
  }
  needs('ladder', rule.then === 'cooldown', 'it belongs to `then: cooldown`; to count offences use `strike`');
  if (rule.ladder !== undefined) knownLadder(rule.ladder, at('ladder'), false);
  for (const name of Object.keys(rule.strike ?? {})) knownLadder(name, [...path, 'strike', name], true);
  if (rule.strike !== undefined && Object.keys(rule.strike).length === 0) {
    report(at('strike'), 'no ladder is struck; name one, such as `strike: { abuse: 1 }`');
  }

  const mayTrail = stages.includes('output') && rule.then !== undefined && rule.mode !== 'shadow';
  if (rule.stream === 'trail') needs('stream', mayTrail, 'only a voting rule on `output` holds a stream');
}

function ladderProblems(ladder: LadderDocument, path: Path, document: PolicyDocument, report: Report): void {
  const used = entriesOf<RuleDocument | null>(document.rules).some(
    (rule) => rule?.ladder === ladder.id || Object.hasOwn(rule?.strike ?? {}, ladder.id),
  );
  if (!used) {
    report(
      [...path, 'id'],
      `no rule puts anyone on the ladder \`${ladder.id}\`; add \`strike: { ${ladder.id}: 1 }\` to one`,
    );
  }
  if (ladder.escalate !== undefined && durationMs(ladder.escalate.max) < durationMs(ladder.for)) {
    report([...path, 'escalate', 'max'], '`max` is shorter than the first cooldown (`for`)');
  }
}

function limitProblems(limit: LimitDocument, path: Path, report: Report): void {
  const stages = listOf(limit.on);
  const onlyTools = stages.length > 0 && stages.every((stage) => stage === 'tool_call' || stage === 'tool_result');
  if (listOf(limit.key).includes('tool') && !onlyTools) {
    report([...path, 'key'], 'a limit by `tool` must be `on: tool_call` or `tool_result`; other stages have no tool');
  }
  if (limit.unit === 'in_flight' && limit.window !== undefined) {
    report([...path, 'window'], '`window` has no effect here: what is in flight is counted until it is over', true);
  }
  if (limit.tool !== undefined && !onlyTools) {
    report([...path, 'tool'], '`tool` has no effect here: only `tool_call` and `tool_result` have a tool', true);
  }
  if (limit.unit?.startsWith('tool.') === true) argumentProblems(limit, stages, path, report);
  calendarProblems(limit, path, report);
  const counted = ['interactions', 'events', 'in_flight', 'repeats'].includes(limit.unit ?? 'interactions');
  if (counted && !Number.isInteger(limit.allow))
    report([...path, 'allow'], `\`${limit.allow}\` must be a whole number`);
}

const PERIODS: readonly string[] = ['day', 'week', 'month'];

/** A day without a time zone begins when its author does not expect it. */
function calendarProblems(limit: LimitDocument, path: Path, report: Report): void {
  const { per, timeZone, window, unit } = limit;
  if (!PERIODS.includes(per)) {
    if (timeZone !== undefined)
      report(
        [...path, 'timeZone'],
        '`timeZone` has no effect here: only `day`, `week` and `month` begin by a calendar',
        true,
      );
    return;
  }
  if (timeZone === undefined)
    report([...path, 'per'], `\`per: ${per}\` needs \`timeZone\`, such as \`Europe/Berlin\` or \`UTC\``);
  else if (!isTimeZone(timeZone))
    report([...path, 'timeZone'], `\`${timeZone}\` is no time zone; expected a name such as \`Europe/Berlin\``);
  if (window !== undefined)
    report([...path, 'window'], '`window` has no effect here: it begins and ends by the calendar', true);
  if (unit === 'in_flight')
    report([...path, 'per'], 'what is in flight is let go after a length of time, such as `10m`');
}

/** Above it amounts cannot be counted in whole millionths. */
const MOST_AMOUNT = 9_007_199_254;

function argumentProblems(limit: LimitDocument, stages: readonly string[], path: Path, report: Report): void {
  const unit = [...path, 'unit'];
  if (argumentOf(limit.unit ?? '') === undefined)
    report(unit, `\`${limit.unit}\` names no argument; expected a path such as \`tool.args.amount\``);
  if (stages.length !== 1 || stages[0] !== 'tool_call')
    report(unit, 'an argument is reserved with the call: say `on: tool_call`');
  if (limit.tool === undefined) report(unit, 'name the tools that have this argument, such as `tool: transfer`');
  if (limit.allow > MOST_AMOUNT)
    report([...path, 'allow'], `at most ${MOST_AMOUNT} is accepted here: amounts are counted in millionths`);
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
    if (!meets) report(['masks', type], `the mask of \`${type}\` has no effect: no rule redacts it`, true);
  }
}

const JS_FLAGS = /^[imsuv]*$/;
const OTHER_FLAGS = /^[imsx]*$/;

const HOST = /^(?:\*\.)?[A-Za-z\d](?:[A-Za-z\d.-]{0,250}[A-Za-z\d])?$/;

function detectorProblems(detector: DetectorDocument, path: Path, report: Report): void {
  if ('use' in detector) {
    for (const host of listOf(detector.allow_hosts))
      if (!HOST.test(host))
        report(
          [...path, 'allow_hosts'],
          `\`${host}\` is no host: write \`cdn.acme.example\`, without scheme, port or path`,
        );
  }
  if (!('patterns' in detector)) return;
  const { dialect } = detector;
  const scalar = !Array.isArray(detector.patterns);
  for (const [i, item] of listOf<string | { pattern: string; flags?: string }>(detector.patterns).entries()) {
    const { pattern, flags = '' } = typeof item === 'string' ? { pattern: item } : item;
    const place = scalar ? [...path, 'patterns'] : [...path, 'patterns', i];
    const isJs = dialect === undefined || dialect === 'js';
    if (!(isJs ? JS_FLAGS : OTHER_FLAGS).test(flags)) {
      const known = isJs ? '`i`, `m`, `s`, `u` and `v`' : '`i`, `m`, `s` and `x`';
      report(place, `the flags \`${flags}\` are not accepted; ${known} are`);
    } else {
      const problem = problemOf({ pattern, flags, ...(dialect !== undefined && { dialect }) });
      if (problem !== undefined) report(place, `\`${pattern}\` is not a regular expression: ${problem}`);
    }
  }
}

function problemOf(pattern: ForeignPattern): string | undefined {
  try {
    fromDialect(pattern);
    return undefined;
  } catch (error) {
    return (error as ForeignPatternError).message;
  }
}

const screaming = (id: string): string => id.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
