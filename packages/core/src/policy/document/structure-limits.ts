import { argumentOf } from '../../contract/limits.ts';
import type { ExemptionDocument, LimitDocument, ShareDocument } from './document.ts';
import { untilMs } from './day.ts';
import type { Path, Report } from './locate.ts';
import { isTimeZone } from './time-zone.ts';
import { listOf } from './lists.ts';

/** What of a limit does not fit together. */
export function limitProblems(limit: LimitDocument, path: Path, report: Report): void {
  const stages = listOf(limit.on);
  const onlyTools = stages.length > 0 && stages.every((stage) => stage === 'tool_call' || stage === 'tool_result');
  if (listOf(limit.key).includes('tool') && !onlyTools) {
    const message = 'a limit by `tool` must be `on: tool_call` or `tool_result`; other stages have no tool';
    report('NO_EFFECT', [...path, 'key'], message);
  }
  if (limit.unit === 'in_flight' && limit.window !== undefined) {
    const message = '`window` has no effect here: what is in flight is counted until it is over';
    report('NO_EFFECT', [...path, 'window'], message, true);
  }
  if (limit.tool !== undefined && !onlyTools) {
    const message = '`tool` has no effect here: only `tool_call` and `tool_result` have a tool';
    report('NO_EFFECT', [...path, 'tool'], message, true);
  }
  if (limit.unit?.startsWith('tool.') === true) argumentProblems(limit, stages, path, report);
  calendarProblems(limit, path, report);
  const counted = ['interactions', 'events', 'in_flight', 'repeats'].includes(limit.unit ?? 'interactions');
  if (counted && typeof limit.allow === 'number' && !Number.isInteger(limit.allow))
    report('VALUE_TYPE', [...path, 'allow'], `\`${limit.allow}\` must be a whole number`);
}

/** For whom the mode holds has to be said, and nothing that says it in vain. */
export function shareProblems(share: ShareDocument, report: Report): void {
  if (share.percent === undefined && share.cohort === undefined) {
    const message = 'say for whom the mode holds: `percent`, such as `percent: 10`, or `cohort`';
    report('FIELD_NEEDED', ['share'], message);
  }
  if (share.percent !== undefined) return;
  for (const field of ['by', 'seed'] as const)
    if (share[field] !== undefined)
      report('NO_EFFECT', ['share', field], `\`${field}\` has no effect here: it belongs to \`percent\``, true);
}

const PERIODS: readonly string[] = ['day', 'week', 'month'];

/** A day without a time zone begins when its author does not expect it. */
function calendarProblems(limit: LimitDocument, path: Path, report: Report): void {
  const { per, timeZone, window, unit } = limit;
  if (!PERIODS.includes(per)) {
    if (timeZone !== undefined) {
      const message = '`timeZone` has no effect here: only `day`, `week` and `month` begin by a calendar';
      report('NO_EFFECT', [...path, 'timeZone'], message, true);
    }
    return;
  }
  if (timeZone === undefined) {
    const message = `\`per: ${per}\` needs \`timeZone\`, such as \`Europe/Berlin\` or \`UTC\``;
    report('FIELD_NEEDED', [...path, 'per'], message);
  } else if (!isTimeZone(timeZone)) {
    const message = `\`${timeZone}\` is no time zone; expected a name such as \`Europe/Berlin\``;
    report('VALUE_UNKNOWN', [...path, 'timeZone'], message);
  }
  if (window !== undefined) {
    const message = '`window` has no effect here: it begins and ends by the calendar';
    report('NO_EFFECT', [...path, 'window'], message, true);
  }
  if (unit === 'in_flight')
    report('VALUE_FORMAT', [...path, 'per'], 'what is in flight is let go after a length of time, such as `10m`');
}

/** Above it amounts cannot be counted in whole millionths. */
const MOST_AMOUNT = 9_007_199_254;

function argumentProblems(limit: LimitDocument, stages: readonly string[], path: Path, report: Report): void {
  const unit = [...path, 'unit'];
  if (argumentOf(limit.unit ?? '') === undefined) {
    const message = `\`${limit.unit}\` names no argument; expected a path such as \`tool.args.amount\``;
    report('VALUE_FORMAT', unit, message);
  }
  if (stages.length !== 1 || stages[0] !== 'tool_call')
    report('FIELD_NEEDED', unit, 'an argument is reserved with the call: say `on: tool_call`');
  if (limit.tool === undefined)
    report('FIELD_NEEDED', unit, 'name the tools that have this argument, such as `tool: transfer`');
  if (typeof limit.allow === 'number' && limit.allow > MOST_AMOUNT) {
    const message = `at most ${MOST_AMOUNT} is accepted here: amounts are counted in millionths`;
    report('VALUE_RANGE', [...path, 'allow'], message);
  }
}

const ONLY_TOOLS: readonly string[] = ['tool_call', 'tool_result'];

/** What of an exemption does not fit together. Whether any rule reads its types the compiler knows. */
export function exemptionProblems({ on, tool, until }: ExemptionDocument, path: Path, report: Report): void {
  if (tool !== undefined && !listOf(on).every((stage) => ONLY_TOOLS.includes(stage))) {
    const message = '`tool` has no effect here: only `tool_call` and `tool_result` have a tool';
    report('NO_EFFECT', [...path, 'tool'], message, true);
  }
  if (until !== 'never' && untilMs(until) === undefined)
    report('VALUE_FORMAT', [...path, 'until'], `\`${until}\` is no day of the calendar`);
}
