import type { DetectorInfo } from '../contract/detector.ts';
import { STAGES, type Stage } from '../contract/event.ts';
import { typeMatches } from '../contract/signal.ts';
import type { CompiledPolicy, CompiledRule } from './compiled.ts';
import type { PolicyDocument } from './document/document.ts';
import type { Path, Warning } from './document/locate.ts';

/** Settings that are written and concern nothing in the policy: whoever wrote them expects something of them. */
export function unusedSettings(
  document: PolicyDocument,
  policy: CompiledPolicy,
  catalogue: readonly DetectorInfo[],
): readonly Warning[] {
  const { stages } = policy;
  const code = catalogue.filter(({ kind }) => kind !== 'pattern').flatMap(({ types }) => types);
  const readsCode = (rule: CompiledRule): boolean =>
    [...rule.detect.map(({ type }) => type), ...(rule.when?.signalTypes ?? [])].some((read) =>
      code.some((type) => typeMatches(type, read) || typeMatches(read, type)),
    );
  const stops = (stage: Stage): boolean =>
    stages[stage].default === 'block' ||
    stages[stage].limits.length > 0 ||
    stages[stage].rules.some(({ then }) => then === 'block' || then === 'cooldown');
  const remembers = stages.input.rules.some(
    ({ then, detect, when }) =>
      (then === 'block' || then === 'cooldown') && (detect.length > 0 || when?.readsSignals === true),
  );

  const rules = new Map(STAGES.flatMap((stage) => stages[stage].rules).map((rule) => [rule.id, rule]));
  const trailing = (document.rules ?? []).flatMap(({ id, stream }, index): Warning[] => {
    const rule = rules.get(id);
    if (stream !== 'trail' || rule === undefined || readsCode(rule)) return [];
    return [
      unused(
        ['rules', index, 'stream'],
        'what the rule reads is found while text streams, and nothing waits for a detector',
      ),
    ];
  });
  const judged = stages.output.rules.some(readsCode);
  return [
    ...trailing,
    ...(document.pace !== undefined && !judged
      ? [unused(['pace'], 'no rule on `output` reads a detector that is code')]
      : []),
    ...(document.onBlock === 'stop' && !stops('tool_call')
      ? [unused(['onBlock'], 'nothing of the policy stops a `tool_call`')]
      : []),
    ...(document.providerTools === 'allow' && stages.tool_call.rules.length + stages.tool_result.rules.length === 0
      ? [unused(['providerTools'], 'without rules on `tool_call` or `tool_result` no request is refused for its tools')]
      : []),
    ...(document.history === 'block' && !remembers
      ? [unused(['history'], 'no rule on `input` stops a text for what is in it')]
      : []),
  ];
}

function unused(path: Path, because: string): Warning {
  return {
    path,
    atKey: true,
    code: 'SETTING_UNUSED',
    message: `\`${String(path.at(-1))}\` changes nothing here: ${because}`,
  };
}
