import type { AssembledPolicy } from '../assemble.ts';
import type { Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent, Segment } from '../contract/event.ts';
import type { Failure, ScannedSegment } from '../contract/ruling.ts';
import { Gate } from '../gate/gate.ts';
import type { GateSetup } from '../gate/gate.ts';
import type { PlanCode, TextPlan } from '../gate/plan.ts';
import { openRules, reachesOutput } from '../gate/plan.ts';
import { runDetector } from '../gate/run-detector.ts';
import { Signals } from '../gate/signals.ts';
import { rulesFor } from '../policy/rule-index.ts';
import type { MaybePromise } from '../state/store.ts';
import { nextTurn, SLICE } from './slices.ts';

const NO_FINDINGS: Findings = Object.freeze({
  signals: Object.freeze([]),
  errors: Object.freeze([]),
  coverage: Object.freeze({ detectors: Object.freeze([]), segments: Object.freeze([]), unjudged: Object.freeze([]) }),
});

/**
 * Runs the detectors that the policy's rules read on a complete event, in at most `deadlineMs`.
 * Answers at once when only the scanner is needed and the text is short; long texts are scanned in slices, so that no input
 * keeps the process from its other work.
 */
export function scanEvent(assembled: AssembledPolicy, event: GovernedEvent, deadlineMs: number): MaybePromise<Findings> {
  if (event.content.length === 0 && event.stage !== 'output') return NO_FINDINGS;
  const { maxInput } = assembled.policy;
  if (event.content.some((segment) => segment.text.length > maxInput)) return unscanned(event);
  return event.stage === 'output' ? scanOutput(assembled, event, deadlineMs) : scanSegments(assembled, event, deadlineMs);
}

/** Nothing is read of a text that is too long: the decision refuses it unread, and says so. */
function unscanned(event: GovernedEvent): Findings {
  const segments = event.content.map(({ path, text }): ScannedSegment => ({ path, length: text.length, scanned: 0 }));
  return { signals: [], errors: [], coverage: { detectors: [], segments, unjudged: [] } };
}

function scanSegments(assembled: AssembledPolicy, event: GovernedEvent, deadlineMs: number): MaybePromise<Findings> {
  const plan = assembled.whole[event.stage];
  const signals = new Signals();
  const errors: Failure[] = [];
  const finish = (): Findings => ({
    signals: signals.list(event.content.map(({ path }) => path)),
    errors,
    coverage: {
      detectors: detectorIds(plan),
      segments: event.content.map(({ path, text }) => ({ path, length: text.length, scanned: text.length })),
      unjudged: [],
    },
  });
  let units = 0;
  for (const { text } of event.content) units += text.length;
  if (units <= SLICE && plan.code.length === 0) {
    for (const segment of event.content) scanText(plan, segment, signals);
    return finish();
  }
  const code = runCode(plan, event, signals, errors, deadlineMs);
  return scanSliced(plan, event, signals)
    .then(() => code)
    .then(finish);
}

function scanText(plan: TextPlan, { path, text }: Segment, signals: Signals): void {
  const { listening } = plan;
  if (listening === undefined) return;
  const scan = listening.set.open((pattern, start, end) => signals.add(listening.patterns[pattern]!, path, start, end));
  scan.write(text);
  scan.end();
}

async function scanSliced(plan: TextPlan, event: GovernedEvent, signals: Signals): Promise<void> {
  const { listening } = plan;
  if (listening === undefined) return;
  let left = SLICE;
  for (const { path, text } of event.content) {
    const scan = listening.set.open((pattern, start, end) => signals.add(listening.patterns[pattern]!, path, start, end));
    for (let at = 0; at < text.length; ) {
      const slice = text.slice(at, at + left);
      scan.write(slice);
      at += slice.length;
      left -= slice.length;
      if (left <= 0) {
        left = SLICE;
        await nextTurn();
      }
    }
    scan.end();
  }
}

async function runCode(plan: TextPlan, event: GovernedEvent, signals: Signals, errors: Failure[], deadlineMs: number): Promise<void> {
  await Promise.all(
    plan.code.flatMap((code) =>
      event.content.map(async ({ text, path, role, channel }) => {
        if (text === '') return;
        const input = { text, path, channel: channel ?? 'text', ...(role !== undefined && { role }) };
        const answer = await runDetector(code.detector, input, deadlineMs);
        const detector = code.detector.id;
        if (!answer.ok) errors.push({ part: 'detector', id: detector, code: answer.code });
        else for (const { type, score, start, end } of answer.findings) signals.add({ type, score, detector }, path, start, end);
      }),
    ),
  );
}

/** A complete output goes through a gate, so that streamed and unstreamed verdicts are equal by construction. */
function scanOutput(assembled: AssembledPolicy, event: GovernedEvent, deadlineMs: number): MaybePromise<Findings> {
  let changed: (() => void) | undefined;
  const gate = new Gate<never>({
    ...gateSetup(assembled, event, deadlineMs),
    mode: 'shadow',
    pathOf: (_channel, id) => id,
    stopped: () => changed?.(),
    advanced: () => changed?.(),
  });
  let units = 0;
  for (const { text } of event.content) units += text.length;
  if (units <= SLICE) {
    for (const segment of event.content) feed(gate, segment, segment.text);
    gate.end([]);
    if (!gate.pending || gate.isStopped) return gate.findings;
  }
  return (async () => {
    if (units > SLICE) {
      for (const segment of event.content) {
        for (let at = 0; at < segment.text.length && !gate.isStopped; at += SLICE) {
          feed(gate, segment, segment.text.slice(at, at + SLICE));
          await nextTurn();
        }
      }
      gate.end([]);
    }
    while (gate.pending && !gate.isStopped) await new Promise<void>((resolve) => (changed = resolve));
    return gate.findings;
  })();
}

function feed(gate: Gate<never>, segment: Segment, text: string): void {
  gate.write(segment.channel ?? 'text', segment.path, text, []);
}

/** What a gate needs of an assembled policy, for one event. */
export function gateSetup(
  assembled: AssembledPolicy,
  event: GovernedEvent,
  deadlineMs: number,
): Pick<GateSetup, 'policy' | 'event' | 'plan' | 'rules' | 'detectors' | 'runCode'> {
  const { policy, output } = assembled;
  const rules = rulesFor(policy, event);
  const needsAll = policy.stages.output.limits.some((limit) => limit.unit === 'repeats');
  return {
    policy,
    event,
    plan: (channel) => output[channel],
    rules(channel) {
      if (channel === 'tool_input') return DECIDED_ELSEWHERE;
      const open = openRules(policy, event, rules.filter((rule) => reachesOutput(rule, channel)));
      return needsAll ? { ...open, holdsAll: true } : open;
    },
    detectors: outputDetectors(assembled),
    runCode: (code, input) => runDetector(code.detector, { ...input, role: 'assistant' }, deadlineMs),
  };
}

/** Streamed tool input belongs to its tool call: the rules on output do not read it. */
const DECIDED_ELSEWHERE: ReturnType<GateSetup['rules']> = {
  stopsAtOnce: false,
  holdsAll: false,
  action: () => ({ action: 'none', mask: '' }),
  closesWithout: () => false,
};

function detectorIds(...plans: readonly TextPlan[]): readonly string[] {
  const ids = new Set<string>();
  for (const plan of plans) {
    for (const set of [plan.voting, plan.listening]) for (const pattern of set?.patterns ?? []) ids.add(pattern.detector);
    for (const code of plan.code as readonly PlanCode[]) ids.add(code.detector.id);
  }
  return [...ids].sort();
}

const outputDetectorsOf = new WeakMap<AssembledPolicy, readonly string[]>();

function outputDetectors(assembled: AssembledPolicy): readonly string[] {
  let ids = outputDetectorsOf.get(assembled);
  if (ids === undefined) {
    const channels: readonly Channel[] = ['text', 'reasoning'];
    outputDetectorsOf.set(assembled, (ids = Object.freeze(detectorIds(...channels.map((channel) => assembled.output[channel])))));
  }
  return ids;
}
