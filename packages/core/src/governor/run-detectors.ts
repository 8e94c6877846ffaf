import type { AssembledPolicy } from '../assemble.ts';
import type { Detector, DetectorInput, Findings } from '../contract/detector.ts';
import type { GovernedEvent, Segment } from '../contract/event.ts';
import type { Failure, ScannedSegment } from '../contract/ruling.ts';
import type { Signal } from '../contract/signal.ts';
import { notAskedCounts } from '../gate/facts.ts';
import { Gate } from '../gate/gate.ts';
import type { GateSetup } from '../gate/setup.ts';
import {
  detectorIds,
  lookedForBy,
  reachesStream,
  STREAM_ROLE,
  type PlanCode,
  type StreamedStage,
  type TextPlan,
} from '../detection/plan.ts';
import { openRules } from '../gate/open-rules.ts';
import { runDetector, type DetectorAnswer } from '../detection/run-detector.ts';
import { Signals, Sources } from '../detection/signals.ts';
import type { CallOptions } from '../outside/call.ts';
import { exemptTypes } from '../policy/exemptions.ts';
import { rulesFor } from '../policy/rule-index.ts';
import { OPENING, SLICE_WORK } from '../scanner/run/work.ts';
import { UNREAD } from '../detection/unread.ts';
import { interactionOf } from './interaction/event-state.ts';
import { SegmentScan, type ScannedText } from './segment-scan.ts';
import { AT_ONCE, nextTurn } from './slices.ts';
import type { MaybePromise } from '../outside/maybe-promise.ts';

/**
 * Runs the detectors that the policy's rules read on a complete event, in at most `deadlineMs`. Answers at once when
 * only the scanner is needed and the text is short; long texts are scanned in slices, so that no input keeps the
 * process from its other work.
 */
export function scanEvent(
  assembled: AssembledPolicy,
  event: GovernedEvent,
  deadlineMs: number,
  at?: number,
  told: FailureTold = NOBODY,
): MaybePromise<Findings> {
  if (event.content.length === 0 && event.stage !== 'output') return UNREAD;
  const { maxInput } = assembled.policy;
  if (event.content.some((segment) => segment.text.length > maxInput)) return unscanned(event);
  return isOneText(event) ? scanOutput(assembled, event, at, told) : scanSegments(assembled, event, deadlineMs, told);
}

/** An output is read on from segment to segment, unless all of them stand apart. */
function isOneText({ stage, content }: GovernedEvent): boolean {
  return stage === 'output' && !(content.length > 0 && content.every(({ separate }) => separate === true));
}

/** Nothing is read of a text that is too long: the decision refuses it unread, and says so. */
function unscanned(event: GovernedEvent): Findings {
  const segments = event.content.map(({ path, text }): ScannedSegment => ({ path, length: text.length, scanned: 0 }));
  return { signals: [], errors: [], coverage: { detectors: [], segments, unjudged: [] } };
}

function scanSegments(
  assembled: AssembledPolicy,
  event: GovernedEvent,
  deadlineMs: number,
  told: FailureTold,
): MaybePromise<Findings> {
  const plan = assembled.whole[event.stage];
  const judged = interactionOf.get(event)?.cache;
  const errors: Failure[] = [];
  const texts = event.content.map((segment): JudgedText => {
    const known = judged?.keeps(plan, segment) === true ? judged.get(plan, segment) : undefined;
    return { segment, known: known !== undefined, failed: false, found: known === undefined ? [] : [...known] };
  });
  const fresh = texts.filter((text) => !text.known);
  const notAsked = new Map<string, number>();
  const found = (): readonly Signal[] => {
    const signals = new Signals();
    for (const text of texts)
      for (const { source, start, end } of text.found) signals.add(source, text.segment.path, start, end);
    return signals.list(event.content.map(({ path }) => path));
  };
  const finish = (): Findings => {
    for (const { segment, found, known, failed } of texts) {
      if (!known && !failed && judged?.keeps(plan, segment) === true) judged.set(plan, segment, found);
    }
    const clean = { ...cleanFindings(plan, event), signals: found(), errors };
    if (notAsked.size === 0) return clean;
    return {
      ...clean,
      coverage: { ...clean.coverage, notAsked: notAskedCounts(notAsked) },
      lookedFor: lookedForBy(plan, (detector) => !notAsked.has(detector)),
    };
  };
  const scan = new SegmentScan(plan, fresh);
  if (plan.code.length === 0 && scan.run(AT_ONCE)) return finish();
  const options: CallOptions = { deadlineMs, signal: haltSignal(event) };
  const scanned = plan.code.length === 0 ? nextTurn().then(() => toItsEnd(scan)) : toItsEnd(scan);
  const run = new CodeRun(fresh, errors, notAsked, promptsOf(event), options, told);
  const [first, gated] = [plan.code.filter(({ gate }) => gate === undefined), plan.code.filter(({ gate }) => gate)];
  const judging = Promise.all([scanned, run.all(first)]);
  if (gated.length === 0) return judging.then(finish);
  return judging
    .then(() => run.all(gated.filter((code) => isAsked(code, event, found(), errors) || run.leaveOut(code))))
    .then(finish);
}

/**
 * A condition that cannot be evaluated, or that reads a detector which has failed, keeps no detector from being asked.
 */
function isAsked(
  { gate }: PlanCode,
  event: GovernedEvent,
  signals: readonly Signal[],
  errors: readonly Failure[],
): boolean {
  if (gate === undefined || errors.some(({ id }) => gate.waitsFor.has(id))) return true;
  try {
    return gate.condition.evaluate({ event, signals });
  } catch {
    return true;
  }
}

/** What the plan's detectors say of segments in which they have found nothing. */
export function cleanFindings(plan: TextPlan, { content }: GovernedEvent): Findings {
  return {
    signals: [],
    errors: [],
    coverage: {
      detectors: planDetectors(plan),
      segments: content.map(({ path, text }) => ({ path, length: text.length, scanned: text.length })),
      unjudged: [],
    },
    lookedFor: lookedForBy(plan),
  };
}

/** One segment on its way through the detectors. */
interface JudgedText extends ScannedText {
  /** Judged before in the same interaction. */
  readonly known: boolean;
  /** A detector could not judge it, or was not asked: next time it is judged again. */
  failed: boolean;
}

async function toItsEnd(work: { run(budget: number): boolean }): Promise<void> {
  while (!work.run(SLICE_WORK)) await nextTurn();
}

/** Detectors that are code on the segments of one event. */
class CodeRun {
  readonly #texts: readonly JudgedText[];
  readonly #errors: Failure[];
  readonly #notAsked: Map<string, number>;
  readonly #prompts: PromptsOf;
  readonly #options: CallOptions;
  readonly #told: FailureTold;
  readonly #sources = new Sources();

  constructor(
    texts: readonly JudgedText[],
    errors: Failure[],
    notAsked: Map<string, number>,
    prompts: PromptsOf,
    options: CallOptions,
    told: FailureTold,
  ) {
    this.#texts = texts.filter(({ segment }) => segment.text !== '');
    this.#errors = errors;
    this.#notAsked = notAsked;
    this.#prompts = prompts;
    this.#options = options;
    this.#told = told;
  }

  async all(codes: readonly PlanCode[]): Promise<void> {
    await Promise.all(codes.flatMap(({ detector }) => this.#texts.map((text) => this.#judge(detector, text))));
  }

  /** Its condition does not hold. Answers false. */
  leaveOut({ detector }: PlanCode): false {
    for (const text of this.#texts) this.#leave(detector, text);
    return false;
  }

  async #judge(detector: Detector, judged: JudgedText): Promise<void> {
    const { text, path, role, channel = 'text' } = judged.segment;
    const input = { text, path, channel, settled: 0, ...this.#prompts, ...(role !== undefined && { role }) };
    const answer = heardOf(detector, await runDetector(detector, input, this.#options), this.#told);
    if (!answer.ok) {
      judged.failed = true;
      this.#errors.push({ part: 'detector', id: detector.id, code: answer.code });
    } else if (answer.notAsked === true) this.#leave(detector, judged);
    else {
      for (const finding of answer.findings) {
        const source = this.#sources.of(detector.id, finding);
        judged.found.push({ source, start: finding.start, end: finding.end });
      }
    }
  }

  #leave({ id }: Detector, text: JudgedText): void {
    text.failed = true;
    this.#notAsked.set(id, (this.#notAsked.get(id) ?? 0) + 1);
  }
}

/** Told of each detector that failed, and why. The decision says only that it did. */
export interface FailureTold {
  fail(failure: Failure, cause: unknown): void;
}

const NOBODY: FailureTold = { fail: () => undefined };

/** Whoever is told that nobody waits any more has not failed. */
function heardOf({ id }: Detector, answer: DetectorAnswer, told: FailureTold): DetectorAnswer {
  if (!answer.ok && answer.code !== 'CANCELLED') told.fail({ part: 'detector', id, code: answer.code }, answer.cause);
  return answer;
}

type PromptsOf = Pick<DetectorInput, 'prompts'>;

const NO_PROMPTS: PromptsOf = {};

/** What answers of the interaction must not repeat. */
function promptsOf(event: GovernedEvent): PromptsOf {
  const prompts = interactionOf.get(event)?.prompts;
  return prompts === undefined || prompts.length === 0 ? NO_PROMPTS : { prompts };
}

/**
 * Aborts the detectors of a complete event when its interaction is halted. A halt that was lifted again has aborted the
 * interaction's signal for good; the event that comes after it is judged all the same.
 */
function haltSignal(event: GovernedEvent): AbortSignal | undefined {
  const signal = interactionOf.get(event)?.interaction.signal;
  return signal?.aborted === true ? undefined : signal;
}

/** A complete output goes through a gate, so that streamed and unstreamed verdicts are equal by construction. */
function scanOutput(
  assembled: AssembledPolicy,
  event: GovernedEvent,
  at: number | undefined,
  told: FailureTold,
): MaybePromise<Findings> {
  let changed: (() => void) | undefined;
  const gate = new Gate<never>({
    ...gateSetup(assembled, event, 'output', at, told),
    mode: 'shadow',
    pathOf: (_channel, id) => id,
    stopped: () => changed?.(),
    advanced: () => changed?.(),
  });
  const feeding = new GateFeed(gate, event.content);
  const isFed = feeding.run(AT_ONCE);
  if (isFed && (!gate.pending || gate.isStopped)) return gate.findings;
  return (async () => {
    const halted = haltSignal(event);
    const giveUp = (): void => gate.cancelDetectors(halted?.reason);
    halted?.addEventListener('abort', giveUp, { once: true });
    try {
      if (!isFed) {
        await nextTurn();
        await toItsEnd(feeding);
      }
      while (gate.pending && !gate.isStopped) await new Promise<void>((resolve) => (changed = resolve));
      return gate.findings;
    } finally {
      halted?.removeEventListener('abort', giveUp);
    }
  })();
}

/** The segments of a complete output on their way through a gate, in stretches that end by the work done. */
class GateFeed {
  readonly #gate: Gate<never>;
  readonly #content: readonly Segment[];
  #index = 0;
  #at = 0;

  constructor(gate: Gate<never>, content: readonly Segment[]) {
    this.#gate = gate;
    this.#content = content;
  }

  /** Goes on for about `budget` of work. True when everything is judged, the end included. */
  run(budget: number): boolean {
    const gate = this.#gate;
    const allowance = { left: budget };
    for (; this.#index < this.#content.length && !gate.isStopped; this.#index++) {
      if (allowance.left <= 0) return false;
      const { channel = 'text', path, text } = this.#content[this.#index]!;
      this.#at = gate.writeSome(channel, path, text, this.#at, allowance, []);
      if (this.#at < text.length) return false;
      this.#at = 0;
      allowance.left -= OPENING;
    }
    gate.end([]);
    return true;
  }
}

/**
 * What a gate needs of an assembled policy, for one event of a stage that streams. `at`: when it was opened, where that
 * matters.
 */
export function gateSetup(
  { policy, streams }: AssembledPolicy,
  event: GovernedEvent,
  stage: StreamedStage,
  at: number | undefined,
  told: FailureTold,
): Pick<GateSetup, 'policy' | 'event' | 'role' | 'plan' | 'rules' | 'detectors' | 'runCode'> {
  const { channels, detectors } = streams[stage];
  const role = STREAM_ROLE[stage];
  const rules = rulesFor(policy, event);
  const exempt = exemptTypes(policy, event, at);
  const needsAll = policy.stages[stage].limits.some((limit) => limit.unit === 'repeats');
  return {
    policy,
    event,
    role,
    plan: (channel) => channels[channel],
    rules(channel) {
      if (channel === 'tool_input') return DECIDED_ELSEWHERE;
      const open = openRules(
        policy,
        event,
        rules.filter((rule) => reachesStream(rule, stage, channel)),
        exempt,
      );
      return needsAll ? { ...open, holdsAll: true } : open;
    },
    detectors,
    async runCode({ detector }, input, signal) {
      const asked = { ...input, role, ...promptsOf(event) };
      return heardOf(detector, await runDetector(detector, asked, { deadlineMs: policy.deadlineMs, signal }), told);
    },
  };
}

/** Streamed tool input belongs to its tool call: the rules on output do not read it. */
const DECIDED_ELSEWHERE: ReturnType<GateSetup['rules']> = {
  stopsAtOnce: false,
  holdsAll: false,
  action: () => ({ action: 'none', mask: '' }),
  closesWithout: () => false,
};

const planDetectorsOf = new WeakMap<TextPlan, readonly string[]>();

/** Plans live as long as their policy: their lists are made once. */
function planDetectors(plan: TextPlan): readonly string[] {
  let ids = planDetectorsOf.get(plan);
  if (ids === undefined) planDetectorsOf.set(plan, (ids = detectorIds(plan)));
  return ids;
}
