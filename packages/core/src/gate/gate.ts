/**
 * The judging half of a gate: text in, pieces out, and at the end the facts that `decide` reads.
 *
 * One delta of a block:
 *
 *   write ─→ Gate ─→ ChannelText.feed ─→ Track of the channel ─→ scans ─┐
 *             │             │        └─→ Track of the block  ─→ scans ─┤  (from the second block on)
 *             │             │                                          ↓
 *             │             │            match: mask (Regions) · hold (heldFrom) · stop
 *             │             ↓
 *             └─→ ChannelText.release ─→ Block.release ─→ pieces: everything before the frontiers of both tracks, masks in place
 *
 * One delta of a leaf (a value of a structured stream): `Leaves` does the same with readings in place of tracks. Code detectors answer
 * later; `take` then lets out what their answers freed.
 */
import type { Finding, Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent } from '../contract/event.ts';
import type { FailureCode, ScannedSegment } from '../contract/ruling.ts';
import type { PlanCode, PlanPattern, TextPlan } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { WindowedDetection } from '../detection/windowed-detection.ts';
import type { Block } from './block.ts';
import { ChannelText } from './channel-text.ts';
import { Facts, streamedEvent, type NamedText } from './facts.ts';
import type { OpenRules } from './open-rules.ts';
import { PassedThrough } from './passed-through.ts';
import { blockPath, type GateSetup } from './setup.ts';
import { Track, type TrackSink } from './track.ts';
import type { BlockPlace, Piece } from './types.ts';

interface OpenedBlock<T> {
  readonly channel: Channel;
  readonly block: Block<T>;
  readonly channelText: ChannelText<T>;
}

/** Called for each block that a span of a track touches. */
type Report<T> = (block: Block<T>, start: number, end: number) => void;

const HELD_MASK = '[HELD]';

/** Knows no clock, no state and no records. INVARIANT: once `isStopped`, nothing is released, ever. */
export class Gate<T> {
  readonly #setup: GateSetup;
  readonly #texts = new Map<Channel, ChannelText<T>>();
  readonly #rules = new Map<Channel, OpenRules>();
  readonly #facts = new Facts();
  readonly #blocks: OpenedBlock<T>[] = [];
  readonly #passed = new PassedThrough();
  /** Answers of code detectors that have not come yet. */
  #running = 0;
  #unwanted: AbortController | undefined;
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

  write(channel: Channel, id: string, text: string, out: Piece<T>[]): void {
    const shadow = this.#setup.mode === 'shadow';
    if (shadow && text !== '') out.push(this.#passed.piece(channel, id, text));
    if (this.#stopped || text === '') return;
    // A shadow gate takes the very same way, so that it says what an enforcing one would have done; what that lets out is not used.
    this.#feed(channel, id, text, shadow ? [] : out);
    if (this.#stopped) this.#dropHeld();
  }

  #feed(channel: Channel, id: string, text: string, out: Piece<T>[]): void {
    const { maxHold, maxInput } = this.#setup.policy;
    const channelText = this.#textOf(channel);
    const block = channelText.open(id);
    let at = 0;
    while (at < text.length && !this.#stopped) {
      const left = maxInput - block.arrived;
      if (left <= 0) return this.#exceed('INPUT_TOO_LARGE');
      // Never more at once than what would take the held text one unit past its bound, or the block past its own: where that
      // happens cannot depend on chunks.
      const room = Math.max(1, Math.min(left, maxHold.units + 1 - channelText.held));
      const slice = at === 0 && text.length <= room ? text : text.slice(at, at + room);
      at += channelText.feed(block, slice, out);
      channelText.release(out);
      if (channelText.held > maxHold.units) this.#atBound(channelText, block, out);
    }
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

  /** No more text: what the end completes is judged, and what nothing holds any more leaves. */
  end(out: Piece<T>[]): void {
    for (const channelText of this.#texts.values()) {
      if (this.#stopped) return;
      channelText.end();
      this.#flush(channelText, out);
    }
  }

  /** What has become releasable since text last arrived. */
  take(out: Piece<T>[]): void {
    for (const channelText of this.#texts.values()) if (!this.#stopped) this.#flush(channelText, out);
  }

  /**
   * After the end and the last judgement: lets out what waited for the whole text. `edits` are those of the decision, for the
   * matches of rules that only the whole text could answer.
   */
  finish(
    edits: readonly { readonly segment: string; readonly start: number; readonly end: number; readonly mask: string }[],
    out: Piece<T>[],
  ): void {
    const byPath = new Map(this.#blocks.map((opened) => [opened.block.path, opened]));
    for (const { segment, start, end, mask } of edits) {
      const opened = byPath.get(segment);
      // The only block of a channel has no text of its own: its positions are those of the channel.
      if (opened !== undefined)
        (opened.block.track ?? opened.channelText.track).regions.add({ start, end, type: '', mask });
    }
    for (const { block } of this.#blocks)
      if (block.track !== undefined) block.track.heldFrom = Number.POSITIVE_INFINITY;
    for (const channelText of this.#texts.values()) {
      channelText.track.heldFrom = Number.POSITIVE_INFINITY;
      channelText.release(this.#setup.mode === 'shadow' ? [] : out);
    }
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
    return this.#facts.findings(this.#setup.detectors, this.#named(), this.#blocks.map(scannedOf), []);
  }

  #named(): readonly NamedText[] {
    return this.#blocks.map(({ channel, block }) => ({ path: block.path, channel, block: block.id }));
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
    const channelText: ChannelText<T> = new ChannelText<T>(channel, new Track(plan, this.#sinkFor(channel)), {
      stopped: () => this.#stopped,
      detectionsFor: (block) => this.#wholeBlockDetections(channel, plan, block),
      pathOf: this.#setup.pathOf ?? blockPath,
      opened: (block) => this.#blocks.push({ channel, block, channelText }),
    });
    if (rules.holdsAll) channelText.track.heldFrom = 0;
    this.#texts.set(channel, channelText);
    if (rules.stopsAtOnce) this.#stop();
    return channelText;
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

  /** Which pattern the held text would have become is not known: the strictest one counts. */
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
  }

  #runCode(code: PlanCode, channel: Channel, path: string, text: string): Promise<DetectorAnswer> {
    this.#running++;
    this.#unwanted ??= new AbortController();
    return this.#setup.runCode(code, { text, channel, path }, this.#unwanted.signal);
  }

  /** An answer was applied. INVARIANT: called once for each `#runCode`, so that `pending` needs no walk over the blocks. */
  #advanced(): void {
    this.#running--;
    this.#setup.advanced();
  }

  #wholeBlockDetections(channel: Channel, plan: TextPlan, block: () => Block<T>): readonly WindowedDetection[] {
    const codes = plan.code.filter((code) => code.detector.window === undefined);
    return codes.map(
      (code) =>
        new WindowedDetection(code, (text) => this.#runCode(code, channel, block().path, text), {
          found: (_, finding) =>
            this.#found(channel, code, finding, (report) => report(block(), finding.start, finding.end)),
          failed: (_, failure, start, end) =>
            this.#failed(channel, code, failure, [{ path: block().path, start, end }]),
          advanced: () => this.#advanced(),
        }),
    );
  }

  #sinkFor(channel: Channel): TrackSink {
    return {
      matched: (track, pattern, start, end) => this.#matched(channel, track, pattern, start, end),
      found: (track, code, finding) =>
        this.#found(
          channel,
          code,
          finding,
          (report) => this.#places(channel, track, finding.start, finding.end, report),
          track,
        ),
      failed: (track, code, failure, start, end) => {
        const places: { path: string; start: number; end: number }[] = [];
        this.#places(channel, track, start, end, (block, from, to) =>
          places.push({ path: block.path, start: from, end: to }),
        );
        this.#failed(channel, code, failure, places);
      },
      advanced: () => this.#advanced(),
      runCode: (code, text) => this.#runCode(code, channel, channel, text),
    };
  }

  /** A span of a track as spans of blocks. */
  #places(channel: Channel, track: Track, start: number, end: number, report: Report<T>): void {
    const channelText = this.#texts.get(channel)!;
    if (track === channelText.track) return channelText.split(start, end, report);
    const block = channelText.blockOf(track);
    if (block !== undefined) report(block, start, end);
  }

  #matched(channel: Channel, track: Track, pattern: PlanPattern, start: number, end: number): boolean {
    this.#places(channel, track, start, end, (block, from, to) => this.#facts.signal(pattern, block.path, from, to));
    return this.#act(channel, track, pattern.type, pattern.score, start, end);
  }

  #found(channel: Channel, code: PlanCode, finding: Finding, places: (report: Report<T>) => void, track?: Track): void {
    if (this.#stopped) return;
    const source = this.#facts.sourceOf(code, finding);
    places((block, start, end) => this.#facts.signal(source, block.path, start, end));
    if (!code.voting) return;
    if (!code.hold && this.#rulesOf(channel).action(finding.type, finding.score).action !== 'none') {
      // The policy let it go unjudged: what of the finding has left is said.
      places((block, start, end) => {
        if (block.released > start)
          this.#facts.unjudged({ path: block.path, start, end: Math.min(end, block.released), why: 'trail' });
      });
    }
    if (track !== undefined) {
      if (this.#act(channel, track, finding.type, finding.score, finding.start, finding.end)) this.#stop();
      return;
    }
    places((block) => {
      const own = block.track ?? this.#texts.get(channel)!.track;
      if (this.#act(channel, own, finding.type, finding.score, finding.start, finding.end)) this.#stop();
    });
  }

  /** Returns true when the match ends the stream. */
  #act(channel: Channel, track: Track, type: string, score: number, start: number, end: number): boolean {
    const { action, mask } = this.#rulesOf(channel).action(type, score);
    if (action === 'stop') {
      this.#stop();
      return true;
    }
    if (action === 'redact') track.regions.add({ start, end, type, mask });
    else if (action === 'hold' && start < track.heldFrom) track.heldFrom = start;
    return false;
  }

  #failed(
    channel: Channel,
    code: PlanCode,
    failure: FailureCode,
    places: readonly { readonly path: string; readonly start: number; readonly end: number }[],
  ): void {
    if (this.#stopped) return;
    this.#facts.failed(code.detector.id, failure);
    if (this.#rulesOf(channel).closesWithout(code.detector.types)) return this.#stop();
    for (const place of places) this.#facts.unjudged({ ...place, why: 'on_error' });
  }
}

function scannedOf<T>({ block, channelText }: OpenedBlock<T>): ScannedSegment {
  let scanned = block.whole ? 0 : Math.min(block.arrived, (block.track ?? channelText.track).judged);
  for (const detection of block.detections) scanned = Math.min(scanned, detection.frontier);
  return { path: block.path, length: block.arrived, scanned };
}
