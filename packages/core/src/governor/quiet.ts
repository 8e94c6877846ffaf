import type { AssembledPolicy } from '../assemble.ts';
import type { Sink } from '../audit/sink.ts';
import type { Findings } from '../contract/detector.ts';
import type { Mode } from '../contract/effect.ts';
import type { GovernedEvent, Stage } from '../contract/event.ts';
import type { DecisionRecord } from '../contract/record.ts';
import type { Decision, Ruling } from '../contract/ruling.ts';
import { EMPTY_SNAPSHOT } from '../contract/snapshot.ts';
import { covered } from '../decision/applies.ts';
import { decide } from '../decision/decide.ts';
import type { TextPlan } from '../detection/plan.ts';
import { UNREAD } from '../detection/unread.ts';
import { mintId } from '../ids.ts';
import { isPromise, mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { bucketsFor } from '../policy/rule-index.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';
import type { TextScan } from '../scanner/types.ts';
import type { Interaction, QuietEvent, QuietLane } from './api.ts';
import { acceptDecision, announce, commit, unrecorded } from './commit.ts';
import { policyOf, type Engine } from './engine.ts';
import type { DeferredDecision, InteractionState } from './interaction/interaction-state.ts';
import { stateOf } from './interaction/interaction.ts';
import { QuietRecords, type Envelope } from './quiet-records.ts';
import { decisionRecord, type RulingSource } from './record.ts';
import { cleanFindings } from './run-detectors.ts';

/**
 * The lane for events to which nothing can object but what is found in their text: no control stands, nothing has
 * failed, and the stage has no limit, no cooldown, no rule without a detector and no detector of code. Of such an event
 * of which nothing is found everything is known beforehand but the lengths of its texts, so its ruling is that of the
 * one before with other lengths, and is made when somebody looks. `undefined`: decide in the usual way.
 *
 * INVARIANT (D5): a ruling of the lane equals, byte for byte, the one that `decideEvent` makes of the event. It is made
 * by the same functions, once; `quiet.test.ts` holds the two against each other.
 */
export function quietLane(
  engine: Engine,
  where: Pick<GovernedEvent, 'stage' | 'subject' | 'resource' | 'policy' | 'subjectMissing'>,
): QuietLane | undefined {
  if (engine.running.closed || where.subjectMissing === true) return undefined;
  const { controls, errors } = engine.state.controlsFor(where);
  if (controls.length > 0 || errors.length > 0) return undefined;
  const assembled = engine.policies.get(policyOf(engine, where));
  if (assembled === undefined) return undefined;
  const lane = lanesOf(engine, assembled)[where.stage];
  return lane !== undefined && lane.covers(where) ? lane : undefined;
}

type Lanes = { readonly [S in Stage]?: Lane };

const lanes = new WeakMap<AssembledPolicy, { readonly engine: Engine; readonly lanes: Lanes }>();

/** A policy is assembled for one governor; another version of it is another one. */
function lanesOf(engine: Engine, assembled: AssembledPolicy): Lanes {
  let known = lanes.get(assembled);
  if (known?.engine !== engine) {
    const made: { [S in Stage]?: Lane } = {};
    for (const stage of STAGES) if (isQuiet(assembled, stage)) made[stage] = new Lane(engine, assembled, stage);
    lanes.set(assembled, (known = { engine, lanes: made }));
  }
  return known.lanes;
}

/** Stages of which adapters see whole events in great numbers. */
const STAGES: readonly Stage[] = ['input', 'output'];

function isQuiet({ policy, whole }: AssembledPolicy, stage: Stage): boolean {
  const { default: otherwise, limits, ladders, rules } = policy.stages[stage];
  return (
    policy.mode !== 'off' &&
    // Whose mode it is depends on the subject.
    policy.share === undefined &&
    policy.audit.content === undefined &&
    otherwise === 'allow' &&
    limits.length === 0 &&
    ladders.length === 0 &&
    policy.sessionLabels.size === 0 &&
    whole[stage].code.length === 0 &&
    rules.every(({ detect }) => detect.length > 0)
  );
}

/**
 * Units that are scanned without a break: longer texts take the usual way, which lets the process do other work in
 * between.
 */
const MAX_UNITS = 16_384;
/** A text costs as much to begin and to end as many units do to scan, and a body may have thousands. */
const MAX_TEXTS = 256;
/** Names of members that are remembered as clean, and the longest of them in units. */
const MAX_NAMES = 256;
const MAX_NAME = 64;

class Lane implements QuietLane {
  readonly mode: Exclude<Mode, 'off'>;
  readonly #engine: Engine;
  readonly #assembled: AssembledPolicy;
  readonly #stage: Stage;
  readonly #plan: TextPlan;
  /** Absent where events differ in whether they are covered. */
  readonly #alwaysCovers: boolean | undefined;
  #scan: TextScan | undefined;
  readonly #names = new Set<string>();
  readonly #records = new QuietRecords();
  #found = false;
  #ruling: Ruling | undefined;
  /** On an event without a text. */
  #unread: Ruling | undefined;

  constructor(engine: Engine, assembled: AssembledPolicy, stage: Stage) {
    this.#engine = engine;
    this.#assembled = assembled;
    this.#stage = stage;
    this.mode = assembled.policy.mode === 'shadow' ? 'shadow' : 'enforce';
    this.#plan = assembled.whole[stage];
    const { index } = assembled.policy.stages[stage];
    this.#alwaysCovers = index.keyed ? undefined : index.always.covers;
  }

  get asksAll(): boolean {
    return this.#engine.sink !== undefined || this.#engine.events.heard;
  }

  covers(where: Pick<GovernedEvent, 'stage' | 'subject' | 'resource'>): boolean {
    if (this.#alwaysCovers !== undefined) return this.#alwaysCovers;
    const { policy } = this.#assembled;
    return covered(policy, where, bucketsFor(policy, where));
  }

  decide(interaction: Interaction, event: QuietEvent): MaybePromise<Decision> | 'passed' | undefined {
    const { clock, parts, sink, events } = this.#engine;
    const startedAt = clock.monotonic();
    const state = stateOf(interaction);
    if (state === undefined || !this.#isClean(event.texts, state)) return undefined;
    if (!events.heard) {
      const passed = new Passed(this, interaction, event, startedAt, clock.now(), clock.monotonic());
      return sink === undefined ? this.#pass(state, passed) : this.#record(sink, state, passed);
    }
    const made = this.event(interaction, event);
    const findings = this.#findings(made);
    return commit(parts, {
      policy: this.#assembled.policy,
      event: made,
      ruling: this.rulingOn(made, findings),
      source: { by: 'decide', findings },
      snapshot: EMPTY_SNAPSHOT,
      startedAt,
    });
  }

  event(interaction: Interaction, event: QuietEvent, id?: string): GovernedEvent {
    return interaction.event({ ...event.init(), stage: this.#stage, ...(id !== undefined && { id }) });
  }

  #pass(state: InteractionState, passed: Passed): 'passed' {
    this.#engine.parts.counted(this.mode === 'shadow' ? 'NO_OP' : 'ALLOW');
    state.deferred(passed);
    return 'passed';
  }

  /** INVARIANT (A1): the sink has the record before anything goes on. The decision is made when it is looked at. */
  #record(sink: Sink, state: InteractionState, passed: Passed): MaybePromise<Decision> | 'passed' {
    const accepted = acceptDecision(sink, this.#assembled.policy, this.#recordOf(passed));
    if (!isPromise(accepted) && accepted.ok) return this.#pass(state, passed);
    return mapMaybe(accepted, (answer) => {
      const { parts } = this.#engine;
      const { policy } = this.#assembled;
      const event = passed.event();
      const decision = passed.decision(event);
      const kept = answer.ok ? decision : unrecorded(parts, policy, decision, answer);
      // Somebody may have begun to listen meanwhile.
      const record = parts.events.heard ? passed.record(event, decision) : undefined;
      return announce(parts, { event }, kept, record);
    });
  }

  #recordOf(passed: Passed): DecisionRecord {
    const init = passed.init();
    const known = this.#records.make(init, passed.interaction, passed);
    if (known !== undefined) return known;
    const event = passed.event();
    const record = passed.record(event, passed.decision(event));
    this.#records.learn(init, record);
    return record;
  }

  /** The record of an event in which nothing was found. */
  recordOf(event: GovernedEvent, decision: Decision): DecisionRecord {
    const { policy } = this.#assembled;
    const source: RulingSource = { by: 'decide', findings: this.#findings(event) };
    return decisionRecord({ policy, event, source, snapshot: EMPTY_SNAPSHOT }, decision, NO_ANSWERS);
  }

  /** The ruling on an event in which nothing was found. */
  rulingOn(event: GovernedEvent, findings: Findings = this.#findings(event)): Ruling {
    const { policy } = this.#assembled;
    if (findings === UNREAD) return (this.#unread ??= decide(policy, event, findings, EMPTY_SNAPSHOT));
    if (this.#ruling === undefined) return (this.#ruling = decide(policy, event, findings, EMPTY_SNAPSHOT));
    const coverage = Object.freeze({ ...this.#ruling.coverage, segments: findings.coverage.segments });
    return Object.freeze({ ...this.#ruling, coverage });
  }

  #findings(event: GovernedEvent): Findings {
    return event.content.length === 0 ? UNREAD : cleanFindings(this.#plan, event);
  }

  #isClean(texts: QuietEvent['texts'], state: InteractionState): boolean {
    // An output without a text is scanned as one whose text is empty.
    if (texts.length === 0) return this.#stage !== 'output';
    const { maxInput } = this.#assembled.policy;
    if (texts.length > MAX_TEXTS) return false;
    let units = 0;
    for (const { text } of texts) {
      units += text.length;
      if (text.length > maxInput || units > MAX_UNITS) return false;
    }
    for (const { text, isName } of texts) {
      if (isName === true && this.#names.has(text)) continue;
      if (!this.#isCleanText(text)) return false;
      if (isName === true && text.length <= MAX_NAME && this.#names.size < MAX_NAMES) this.#names.add(text);
    }
    if (units >= KEPT_UNITS) this.#remember(texts, state);
    return true;
  }

  #isCleanText(text: string): boolean {
    const { listening } = this.#plan;
    if (listening === undefined || text === '') return true;
    const scan = this.#scan ?? listening.set.openTexts(() => (this.#found = true));
    // One that has found something, or failed, is left in the middle of the text.
    this.#scan = undefined;
    this.#found = false;
    const before = scan.work;
    const clean = scan.read(text, SLICE_WORK) && !scan.stopped && !this.#found && scan.work - before <= SLICE_WORK;
    if (clean) this.#scan = scan;
    return clean;
  }

  /** E7: what was judged here is not judged again by an adapter further in. */
  #remember(texts: QuietEvent['texts'], { cache }: InteractionState): void {
    for (const segment of texts) {
      const judged = { path: '', ...segment };
      if (cache.keeps(this.#plan, judged)) cache.set(this.#plan, judged, NOTHING);
    }
  }
}

const KEPT_UNITS = 256;
const NOTHING: readonly never[] = Object.freeze([]);

const NO_ANSWERS: readonly never[] = Object.freeze([]);

/** A decision that the lane has made and nobody has seen. Whoever asks when finds the same one. */
class Passed implements DeferredDecision, Envelope {
  readonly interaction: Interaction;
  readonly at: number;
  readonly #lane: Lane;
  readonly #event: QuietEvent;
  readonly #startedAt: number;
  readonly #endedAt: number;
  #auditId: string | undefined;
  #eventId: string | undefined;

  constructor(lane: Lane, interaction: Interaction, event: QuietEvent, startedAt: number, at: number, endedAt: number) {
    this.#lane = lane;
    this.interaction = interaction;
    this.#event = event;
    this.#startedAt = startedAt;
    this.at = at;
    this.#endedAt = endedAt;
  }

  get auditId(): string {
    return (this.#auditId ??= mintId('aud', this.at));
  }

  get eventId(): string {
    return (this.#eventId ??= mintId('evt', this.at));
  }

  get durationUs(): number {
    return Math.round((this.#endedAt - this.#startedAt) * 10_000) / 10;
  }

  init(): ReturnType<QuietEvent['init']> {
    return this.#event.init();
  }

  event(): GovernedEvent {
    return this.#lane.event(this.interaction, this.#event, this.eventId);
  }

  make(): Decision {
    return this.decision(this.event());
  }

  decision(event: GovernedEvent): Decision {
    const { auditId, eventId, at, durationUs } = this;
    const { interactionId } = event;
    return Object.freeze({ ...this.#lane.rulingOn(event), auditId, interactionId, eventId, at, durationUs });
  }

  record(event: GovernedEvent, decision: Decision): DecisionRecord {
    return this.#lane.recordOf(event, decision);
  }
}
