/**
 * The judging half of a gate: text in, pieces out, and at the end the facts that `decide` reads.
 *
 * One delta of a block:
 *
 *   write ─→ Gate ─→ ChannelText.feed ─→ Track of the channel ─→ scans ─┐
 *             │             │        └─→ Track of the block  ─→ scans ─┤  (from the second block on)
 *             │             │                                          ↓
 *             │             │             ChannelMatches: mask (Regions) · hold (heldFrom) · stop
 *             │             ↓
 *             └─→ ChannelText.release ─→ Block.release ─→ pieces: everything before the frontiers of both tracks, masks in place
 *
 * One delta of a leaf (a value of a structured stream): `Leaves` does the same with readings in place of tracks. Code
 * detectors answer later; `take` then lets out what their answers freed.
 */
import type { Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { ScannedSegment } from '../contract/ruling.ts';
import { lookedForByAll, type PlanCode } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { type Allowance, unlimited } from './allowance.ts';
import type { Block } from './block.ts';
import type { ChannelHost } from './channel-host.ts';
import { ChannelMatches } from './channel-matches.ts';
import { ChannelText } from './channel-text.ts';
import { Facts, streamedEvent, type NamedText } from './facts.ts';
import { HELD_MASK, type Leaf } from './leaf.ts';
import { Leaves } from './leaves.ts';
import type { OpenRules } from './open-rules.ts';
import { PassedThrough } from './passed-through.ts';
import { PathCoverage } from './path-coverage.ts';
import { blockPath, type GateSetup } from './setup.ts';
import { Track } from './track.ts';
import type { BlockPlace, LeafHandle, LeafInit, Piece } from './types.ts';

type CodeInput = Parameters<GateSetup['runCode']>[1];

interface OpenedBlock<T> {
  readonly channel: Channel;
  readonly block: Block<T>;
  readonly channelText: ChannelText<T>;
}

/** What a detector of code was last asked, and its answer. */
type Asked = { readonly input: CodeInput; readonly answer: Promise<DetectorAnswer> };

/** Knows no clock, no state and no records. INVARIANT: once `isStopped`, nothing is released, ever. */
export class Gate<T> {
  readonly #setup: GateSetup;
  readonly #texts = new Map<Channel, ChannelText<T>>();
  readonly #rules = new Map<Channel, OpenRules>();
  readonly #leaves = new Map<Channel, Leaves>();
  #lastHost: ChannelHost | undefined;
  readonly #facts = new Facts();
  readonly #coverage = new PathCoverage();
  readonly #blocks: OpenedBlock<T>[] = [];
  readonly #passed = new PassedThrough();
  /** Answers of code detectors that have not come yet. */
  #running = 0;
  #unwanted: AbortController | undefined;
  /** By detector, what it was asked last. */
  #lastAsked: Map<PlanCode, Asked> | undefined;
  #stopped = false;

  constructor(setup: GateSetup) {
    this.#setup = setup;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** True while code detectors have yet to answer on text that has arrived. */
  get pending(): boolean {
    return this.#running > 0;
  }

  /** Text of a block, all of it at once. */
  write(channel: Channel, id: string, text: string, out: Piece<T>[]): void {
    this.writeSome(channel, id, text, 0, unlimited(), out);
  }

  /**
   * Text of a block, from index `from` on, as far as the allowance goes. Returns the index up to which it was taken:
   * feed the rest next. What is found, held and released does not depend on the cuts.
   */
  writeSome(channel: Channel, id: string, text: string, from: number, allowance: Allowance, out: Piece<T>[]): number {
    const shadow = this.#setup.mode === 'shadow';
    if (shadow && from === 0 && text !== '') out.push(this.#passed.piece(channel, id, text));
    if (this.#stopped || text === '') return text.length;
    // A shadow gate takes the same way, to say what an enforcing one would have done; what that lets out is not used.
    const at = this.#feed(channel, id, text, from, allowance, shadow ? [] : out);
    if (!this.#stopped) return at;
    this.#dropHeld();
    return text.length;
  }

  #feed(channel: Channel, id: string, text: string, from: number, allowance: Allowance, out: Piece<T>[]): number {
    const { maxHold, maxInput } = this.#setup.policy;
    const channelText = this.#textOf(channel);
    const block = channelText.open(id);
    let at = from;
    while (at < text.length && !this.#stopped) {
      const left = maxInput - block.arrived;
      if (left <= 0) {
        this.#exceed('INPUT_TOO_LARGE');
        break;
      }
      // Never more at once than what would take the held text one unit past its bound, or the block past its own: where
      // that happens cannot depend on chunks.
      const room = Math.max(1, Math.min(left, maxHold.units + 1 - channelText.held));
      const slice = at === 0 && text.length <= room ? text : text.slice(at, at + room);
      at += channelText.feed(block, slice, allowance, out);
      channelText.release(out);
      if (channelText.held > maxHold.units) this.#atBound(channelText, block, out);
      if (allowance.left <= 0) break;
    }
    return at;
  }

  /** Something without text: leaves behind the text before it (contract of `OutputGate.attach`). */
  attach(value: T, place: BlockPlace | undefined, out: Piece<T>[]): void {
    const leave = (into: Piece<T>[]): void => void into.push({ kind: 'attachment', value });
    if (this.#setup.mode === 'shadow') return leave(out);
    if (this.#stopped) return;
    if (place !== undefined) {
      const channelText = this.#textOf(place.channel);
      channelText.queue(leave, place);
      channelText.release(out);
      return;
    }
    let left = 0;
    const turn = (into: Piece<T>[]): void => {
      if (--left === 0) leave(into);
    };
    for (const channelText of this.#texts.values()) left += channelText.behindAll(turn);
    if (left === 0) leave(out);
  }

  endBlock(channel: Channel, id: string, out: Piece<T>[]): void {
    this.#passed.endBlock(channel, id);
    if (this.#stopped) return;
    const channelText = this.#textOf(channel);
    channelText.close(channelText.open(id));
    this.#flush(channelText, out);
  }

  /** A text of its own; `handle` is what its pieces name. */
  openLeaf(init: LeafInit, handle: LeafHandle): Leaf {
    return this.#leavesOf(init.channel ?? 'text').open(init, handle);
  }

  /** Runs a step of the leaves of a channel: what a leaf does frees text of others. */
  onLeaves(channel: Channel, out: Piece<T>[], step: (leaves: Leaves, out: Piece<never>[]) => void): void {
    if (this.#stopped) return;
    step(this.#leavesOf(channel), this.#setup.mode === 'shadow' ? [] : (out as Piece<never>[]));
    if (this.#stopped) this.#dropHeld();
  }

  /** No more text: what the end completes is judged, and what nothing holds any more leaves. */
  end(out: Piece<T>[]): void {
    for (const channelText of this.#texts.values()) {
      if (this.#stopped) return;
      channelText.end();
      this.#flush(channelText, out);
    }
    for (const channel of this.#leaves.keys()) this.onLeaves(channel, out, (leaves, into) => leaves.endAll(into));
  }

  /** True while `tick` may free text: a window has a clock, and text waits for it. */
  get waits(): boolean {
    if (this.#stopped) return false;
    for (const { track } of this.#texts.values()) if (track.waits) return true;
    for (const leaves of this.#leaves.values()) if (leaves.waits) return true;
    return false;
  }

  /** It is `now`, in milliseconds that never go back: text that has waited for its window is judged, or let go. */
  tick(now: number): void {
    if (this.#stopped) return;
    for (const { track } of this.#texts.values()) track.tick(now);
    for (const { block } of this.#blocks) if (block.track !== undefined && !block.idle) block.track.tick(now);
    for (const leaves of this.#leaves.values()) leaves.tick(now);
  }

  /** What has become releasable since text last arrived. */
  take(out: Piece<T>[]): void {
    for (const channelText of this.#texts.values()) {
      if (this.#stopped) continue;
      channelText.touchAll();
      this.#flush(channelText, out);
    }
    for (const channel of this.#leaves.keys()) this.onLeaves(channel, out, (leaves, into) => leaves.take(into));
  }

  /**
   * After the end and the last judgement: lets out what waited for the whole text. `edits` are those of the decision,
   * for the matches of rules that only the whole text could answer.
   */
  finish(
    edits: readonly { readonly segment: string; readonly start: number; readonly end: number; readonly mask: string }[],
    out: Piece<T>[],
  ): void {
    const bySegment = Map.groupBy(edits, ({ segment }) => segment);
    for (const { block, channelText } of this.#blocks) {
      // The only block of a channel has no text of its own: its positions are those of the channel.
      const { regions } = block.track ?? channelText.track;
      for (const { start, end, mask } of bySegment.get(block.path) ?? []) regions.add({ start, end, type: '', mask });
      if (block.track !== undefined) block.track.heldFrom = Number.POSITIVE_INFINITY;
    }
    for (const channelText of this.#texts.values()) {
      channelText.track.heldFrom = Number.POSITIVE_INFINITY;
      channelText.touchAll();
      channelText.release(this.#setup.mode === 'shadow' ? [] : out);
    }
    for (const channel of this.#leaves.keys())
      this.onLeaves(channel, out, (leaves, into) => leaves.finish(bySegment, into));
  }

  /** Stops the stream from outside (a halt, an abort): held text is dropped. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.cancelDetectors(undefined);
    this.#dropHeld();
  }

  /** Tells the running code detectors that their answers are not wanted any more; each then counts as failed. */
  cancelDetectors(reason: unknown): void {
    this.#unwanted?.abort(reason);
  }

  /** The event as `decide` reads it, its blocks in the order they were opened. */
  get event(): GovernedEvent {
    const { event, role = 'assistant' } = this.#setup;
    return streamedEvent(event, role, this.#named());
  }

  get findings(): Findings {
    const segments = [...this.#blocks.map(scannedOf), ...this.#coverage.segments];
    const texts = this.#named();
    const found = this.#facts.findings(this.#setup.detectors, texts, segments, this.#coverage.unjudgedSpans);
    const plans = new Set(
      texts.flatMap(({ channel }) => (channel === 'tool_input' ? [] : [this.#setup.plan(channel)])),
    );
    return { ...found, lookedFor: lookedForByAll(plans, (detector) => this.#facts.wasAsked(detector)) };
  }

  #named(): readonly NamedText[] {
    return [
      ...this.#blocks.map(({ channel, block }) => ({ path: block.path, channel, block: block.id })),
      ...this.#coverage.names,
      ...[...this.#leaves.values()].flatMap((leaves) => leaves.found),
    ];
  }

  /** Blocks whose text has begun to leave and has not ended. */
  get openBlocks(): readonly BlockPlace[] {
    return this.#blocks
      .filter(({ block }) => block.opened && !block.ended)
      .map(({ channel, block }) => ({ channel, block: block.id }));
  }

  #textOf(channel: Channel): ChannelText<T> {
    const known = this.#texts.get(channel);
    if (known !== undefined) return known;
    const plan = this.#setup.plan(channel);
    const rules = this.#rulesOf(channel);
    const matches = new ChannelMatches<T>(this.#hostOf(channel), rules, () => channelText);
    const channelText: ChannelText<T> = new ChannelText<T>(channel, new Track(plan, matches, true), {
      stopped: () => this.#stopped,
      detectionsFor: (block) => matches.wholeBlock(plan, block),
      pathOf: this.#setup.pathOf ?? blockPath,
      opened: (block) => this.#blocks.push({ channel, block, channelText }),
    });
    if (rules.holdsAll) channelText.track.heldFrom = 0;
    this.#texts.set(channel, channelText);
    if (rules.stopsAtOnce) this.#stop();
    return channelText;
  }

  #leavesOf(channel: Channel): Leaves {
    const known = this.#leaves.get(channel);
    if (known !== undefined) return known;
    const leaves = new Leaves(this.#setup.plan(channel), this.#rulesOf(channel), this.#hostOf(channel));
    this.#leaves.set(channel, leaves);
    return leaves;
  }

  /** The texts of a channel and its leaves have the same. */
  #hostOf(channel: Channel): ChannelHost {
    if (this.#lastHost?.channel === channel) return this.#lastHost;
    return (this.#lastHost = {
      channel,
      policy: this.#setup.policy,
      facts: this.#facts,
      coverage: this.#coverage,
      stopped: () => this.#stopped,
      stop: () => this.#stop(),
      exceed: (bound) => this.#exceed(bound),
      mayStop: () => this.#mayStop(channel),
      runCode: (code, path, text, settled) => this.#runCode(code, { text, channel, path, settled }),
      advanced: () => this.#advanced(),
      holds: (code) => this.#holds(code),
      now: this.#setup.now,
    });
  }

  #rulesOf(channel: Channel): OpenRules {
    let rules = this.#rules.get(channel);
    if (rules === undefined) this.#rules.set(channel, (rules = this.#setup.rules(channel)));
    return rules;
  }

  #flush(channelText: ChannelText<T>, out: Piece<T>[]): void {
    channelText.release(this.#setup.mode === 'shadow' ? [] : out);
    if (this.#stopped) this.#dropHeld();
  }

  #atBound(channelText: ChannelText<T>, block: Block<T>, out: Piece<T>[]): void {
    const { units, then } = this.#setup.policy.maxHold;
    if (then === 'block' || (then === 'match' && this.#mayStop(channelText.channel))) return this.#exceed('MAX_HOLD');
    const { track } = channelText;
    const from = track.frontier;
    if (then === 'match') {
      track.regions.add({ start: from, end: track.position, type: 'max_hold', mask: HELD_MASK });
    } else {
      const to = track.position - units;
      track.release(to);
      block.track?.release(block.arrived - units);
      channelText.split(from, to, (origin, start, end) =>
        this.#facts.unjudged({ path: origin.path, start, end, why: 'max_hold' }),
      );
    }
    channelText.release(out);
  }

  #mayStop(channel: Channel): boolean {
    const rules = this.#rulesOf(channel);
    const patterns = this.#setup.plan(channel).voting?.patterns ?? [];
    return patterns.some(({ type, score }) => rules.action(type, score).action === 'stop');
  }

  #exceed(bound: NonNullable<Findings['exceeded']>): void {
    this.#facts.exceeded(bound);
    this.#stop();
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.cancelDetectors(undefined);
    this.#setup.stopped();
  }

  #dropHeld(): void {
    for (const channelText of this.#texts.values()) channelText.drop();
    for (const leaves of this.#leaves.values()) leaves.drop();
  }

  #runCode(code: PlanCode, input: CodeInput): Promise<DetectorAnswer> {
    this.#running++;
    // The end of a block and that of its channel ask about the same last window.
    const asked = (this.#lastAsked ??= new Map<PlanCode, Asked>());
    const last = asked.get(code);
    if (last !== undefined && sameInput(last.input, input)) return last.answer;
    this.#unwanted ??= new AbortController();
    const answer = this.#setup.runCode(code, input, this.#unwanted.signal);
    asked.set(code, { input, answer });
    return answer;
  }

  /** A condition that cannot be evaluated, or reads a detector that has failed, keeps no detector from being asked. */
  #holds({ gate }: PlanCode): boolean {
    if (gate === undefined || this.#facts.failedAny(gate.waitsFor)) return true;
    try {
      return gate.condition.evaluate({ event: this.#setup.event, signals: this.#facts.signalsSoFar });
    } catch {
      return true;
    }
  }

  /** An answer was applied. INVARIANT: called once for each `#runCode`, so that `pending` needs no walk. */
  #advanced(): void {
    this.#running--;
    this.#setup.advanced();
  }
}

function sameInput(a: CodeInput, b: CodeInput): boolean {
  return a.text === b.text && a.settled === b.settled && a.path === b.path && a.channel === b.channel;
}

function scannedOf<T>({ block, channelText }: OpenedBlock<T>): ScannedSegment {
  let scanned = block.whole ? 0 : Math.min(block.arrived, (block.track ?? channelText.track).judged);
  for (const detection of block.detections) scanned = Math.min(scanned, detection.frontier);
  return { path: block.path, length: block.arrived, scanned };
}
