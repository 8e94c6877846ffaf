import type { Finding, Findings } from '../contract/detector.ts';
import type { Channel, GovernedEvent, Segment } from '../contract/event.ts';
import type { Failure, FailureCode, ScannedSegment, Unjudged } from '../contract/ruling.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { Block } from './block.ts';
import type { ChannelTextHost } from './channel-text.ts';
import { ChannelText } from './channel-text.ts';
import type { PlanCode, PlanPattern, TextPlan } from '../detection/plan.ts';
import type { OpenRules } from './open-rules.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { Signals } from '../detection/signals.ts';
import type { TrackSink } from './track.ts';
import { Track } from './track.ts';
import type { BlockPlace, Piece } from './types.ts';
import { WindowedDetection } from '../detection/windowed-detection.ts';

/** What a gate judges by: resolved by the governor when the stream opens, and kept to its end. */
export interface GateSetup {
  readonly policy: Pick<CompiledPolicy, 'maxHold' | 'maxInput' | 'deadlineMs'>;
  readonly event: GovernedEvent;
  /** `shadow` judges and lets everything pass. */
  readonly mode: 'enforce' | 'shadow';
  plan(channel: Channel): TextPlan;
  rules(channel: Channel): OpenRules;
  /** Ids of all detectors that the plans run, sorted. */
  readonly detectors: readonly string[];
  runCode(code: PlanCode, input: { text: string; channel: Channel; path: string }): Promise<DetectorAnswer>;
  /** Address of a block in the facts; absent: `text`, `text[id]`, and `text[id]#2` for an id that is used again. */
  pathOf?(channel: Channel, id: string, use: number): string;
  /** Called once: the stream must stop and nothing more may leave. */
  stopped(): void;
  /** Called when something may have become releasable without more text. */
  advanced(): void;
}

function blockPath(channel: Channel, id: string, use: number): string {
  const path = id === '' ? channel : `${channel}[${id}]`;
  return use === 1 ? path : `${path}#${use}`;
}

const HELD_MASK = '[HELD]';

/**
 * The judging half of a gate: text in, pieces out, and at the end the facts that `decide` reads.
 * Knows no clock, no state and no records. INVARIANT: once `isStopped`, nothing is released, ever.
 */
export class Gate<T> {
  readonly #setup: GateSetup;
  readonly #kinds = new Map<Channel, ChannelText<T>>();
  readonly #rules = new Map<Channel, OpenRules>();
  readonly #signals = new Signals();
  readonly #errors: Failure[] = [];
  readonly #unjudged: Unjudged[] = [];
  readonly #blocks: { readonly channel: Channel; readonly block: Block<T>; readonly kind: ChannelText<T> }[] = [];
  #exceeded: Findings['exceeded'];
  #stopped = false;

  constructor(setup: GateSetup) {
    this.#setup = setup;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** True while code detectors have yet to answer on text that has arrived. */
  get pending(): boolean {
    for (const { block, kind } of this.#blocks) {
      if (kind.track.pending || block.track?.pending === true || block.judges.some((judge) => judge.pending))
        return true;
    }
    return false;
  }

  write(channel: Channel, id: string, text: string, out: Piece<T>[]): void {
    const shadow = this.#setup.mode === 'shadow';
    if (shadow && text !== '') out.push({ kind: 'text', channel, block: id, text });
    if (this.#stopped || text === '') return;
    // A shadow gate takes the very same way, so that it says what an enforcing one would have done; what that lets out is not used.
    this.#judge(channel, id, text, shadow ? [] : out);
    if (this.#stopped) this.#drop();
  }

  #judge(channel: Channel, id: string, text: string, out: Piece<T>[]): void {
    const kind = this.#kind(channel);
    const block = kind.open(id);
    let at = 0;
    while (at < text.length && !this.#stopped) {
      const left = this.#setup.policy.maxInput - block.arrived;
      if (left <= 0) return this.#exceed('INPUT_TOO_LARGE');
      // Never more at once than what would take the held text one unit past its bound, or the block past its own: where that
      // happens cannot depend on chunks.
      const room = Math.max(1, Math.min(left, this.#setup.policy.maxHold.units + 1 - kind.held));
      const slice = at === 0 && text.length <= room ? text : text.slice(at, at + room);
      at += kind.feed(block, slice, out);
      kind.release(out);
      if (kind.held > this.#setup.policy.maxHold.units) this.#atBound(kind, block, out);
    }
  }

  /** Something without text: leaves behind the text before it (contract of `OutputGate.attach`). */
  attach(value: T, place: BlockPlace | undefined, out: Piece<T>[]): void {
    const leave = (into: Piece<T>[]): void => void into.push({ kind: 'attachment', value });
    if (this.#setup.mode === 'shadow') return leave(out);
    if (this.#stopped) return;
    if (place !== undefined) {
      const kind = this.#kind(place.channel);
      kind.queue(leave, place);
      kind.release(out);
      return;
    }
    let left = 0;
    const turn = (into: Piece<T>[]): void => {
      if (--left === 0) leave(into);
    };
    for (const kind of this.#kinds.values()) left += kind.behindAll(turn);
    if (left === 0) leave(out);
  }

  endBlock(channel: Channel, id: string, out: Piece<T>[]): void {
    if (this.#stopped) return;
    const kind = this.#kind(channel);
    kind.close(kind.open(id));
    this.#settle(kind, out);
  }

  /** No more text: what the end completes is judged, and what nothing holds any more leaves. */
  end(out: Piece<T>[]): void {
    for (const kind of this.#kinds.values()) {
      if (this.#stopped) return;
      kind.end();
      this.#settle(kind, out);
    }
  }

  /** What has become releasable since text last arrived. */
  take(out: Piece<T>[]): void {
    for (const kind of this.#kinds.values()) if (!this.#stopped) this.#settle(kind, out);
  }

  /**
   * After the end and the last judgement: lets out what waited for the whole text. `masks` are the edits of the decision for
   * the matches of rules that only the whole text could answer.
   */
  finish(
    edits: readonly { readonly segment: string; readonly start: number; readonly end: number; readonly mask: string }[],
    out: Piece<T>[],
  ): void {
    for (const { block, kind } of this.#blocks) {
      for (const edit of edits) {
        if (edit.segment !== block.path) continue;
        // The only block of a kind has no text of its own: its positions are those of the kind.
        (block.track ?? kind.track).regions.add({ start: edit.start, end: edit.end, type: '', mask: edit.mask });
      }
      kind.track.heldFrom = Number.POSITIVE_INFINITY;
      if (block.track !== undefined) block.track.heldFrom = Number.POSITIVE_INFINITY;
    }
    for (const kind of this.#kinds.values()) kind.release(this.#setup.mode === 'shadow' ? [] : out);
  }

  /** Stops the stream from outside (a halt, an abort): held text is dropped. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#drop();
  }

  /** The event as `decide` reads it: one empty segment for each block, in the order they were opened. */
  get event(): GovernedEvent {
    const content = this.#blocks.map(({ channel, block }): Segment => ({
      path: block.path,
      text: '',
      role: 'assistant',
      channel,
      block: block.id,
    }));
    return Object.freeze({ ...this.#setup.event, content: Object.freeze(content) });
  }

  get findings(): Findings {
    const segments = this.#blocks.map(({ block, kind }): ScannedSegment => {
      let scanned = block.whole
        ? 0
        : block.track === undefined
          ? Math.min(block.arrived, kind.track.judged)
          : Math.min(block.arrived, block.track.judged);
      for (const judge of block.judges) scanned = Math.min(scanned, judge.frontier);
      return { path: block.path, length: block.arrived, scanned };
    });
    return {
      signals: this.#signals.list(this.#blocks.map(({ block }) => block.path)),
      errors: this.#errors,
      coverage: { detectors: this.#setup.detectors, segments, unjudged: this.#unjudged },
      ...(this.#exceeded !== undefined && { exceeded: this.#exceeded }),
    };
  }

  /** Blocks whose text has begun to leave and has not ended. */
  get openBlocks(): readonly BlockPlace[] {
    return this.#blocks
      .filter(({ block }) => block.opened && !block.ended)
      .map(({ channel, block }) => ({ channel, block: block.id }));
  }

  #kind(channel: Channel): ChannelText<T> {
    const known = this.#kinds.get(channel);
    if (known !== undefined) return known;
    const plan = this.#setup.plan(channel);
    const rules = this.#setup.rules(channel);
    this.#rules.set(channel, rules);
    const host: ChannelTextHost<T> = {
      stopped: () => this.#stopped,
      judgesFor: (block) => this.#wholeBlockJudges(channel, plan, block),
      pathOf: this.#setup.pathOf ?? blockPath,
      opened: (block) => this.#blocks.push({ channel, block, kind }),
    };
    const kind: ChannelText<T> = new ChannelText<T>(channel, new Track(plan, this.#sinkFor(channel)), host);
    if (rules.holdsAll) kind.track.heldFrom = 0;
    this.#kinds.set(channel, kind);
    if (rules.stopsAtOnce) this.#stop();
    return kind;
  }

  #settle(kind: ChannelText<T>, out: Piece<T>[]): void {
    kind.release(this.#setup.mode === 'shadow' ? [] : out);
    if (this.#stopped) this.#drop();
  }

  #atBound(kind: ChannelText<T>, block: Block<T>, out: Piece<T>[]): void {
    const { units, then } = this.#setup.policy.maxHold;
    if (then === 'block' || (then === 'match' && this.#mayStop(kind.channel))) return this.#exceed('MAX_HOLD');
    const { track } = kind;
    const from = track.frontier;
    if (then === 'match') {
      track.regions.add({ start: from, end: track.position, type: 'max_hold', mask: HELD_MASK });
    } else {
      const to = track.position - units;
      track.release(to);
      block.track?.release(block.arrived - units);
      kind.split(from, to, (origin, start, end) =>
        this.#unjudged.push({ path: origin.path, start, end, why: 'max_hold' }),
      );
    }
    kind.release(out);
  }

  /** Which pattern the held text would have become is not known: the strictest one counts. */
  #mayStop(channel: Channel): boolean {
    const rules = this.#rules.get(channel)!;
    const patterns = this.#setup.plan(channel).voting?.patterns ?? [];
    return patterns.some(({ type, score }) => rules.action(type, score).action === 'stop');
  }

  #exceed(bound: NonNullable<Findings['exceeded']>): void {
    this.#exceeded ??= bound;
    this.#stop();
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#setup.stopped();
  }

  #drop(): void {
    for (const kind of this.#kinds.values()) kind.drop();
  }

  #wholeBlockJudges(channel: Channel, plan: TextPlan, block: () => Block<T>): readonly WindowedDetection[] {
    const codes = plan.code.filter((code) => code.detector.window === undefined);
    return codes.map((code) => {
      const run = (text: string): Promise<DetectorAnswer> =>
        this.#setup.runCode(code, { text, channel, path: block().path });
      return new WindowedDetection(code, run, {
        found: (_, finding) =>
          this.#found(channel, code, finding, (report) => report(block(), finding.start, finding.end)),
        failed: (_, failure, start, end) => this.#failed(channel, code, failure, [{ path: block().path, start, end }]),
        advanced: () => this.#setup.advanced(),
      });
    });
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
      advanced: () => this.#setup.advanced(),
      runCode: (code, text) => this.#setup.runCode(code, { text, channel, path: channel }),
    };
  }

  /** A span of a track as spans of blocks. */
  #places(
    channel: Channel,
    track: Track,
    start: number,
    end: number,
    report: (block: Block<T>, start: number, end: number) => void,
  ): void {
    const kind = this.#kinds.get(channel)!;
    if (track === kind.track) return kind.split(start, end, report);
    for (const block of kind.blocks) if (block.track === track) report(block, start, end);
  }

  #matched(channel: Channel, track: Track, pattern: PlanPattern, start: number, end: number): boolean {
    this.#places(channel, track, start, end, (block, from, to) => this.#signals.add(pattern, block.path, from, to));
    return this.#act(channel, track, pattern.type, pattern.score, start, end);
  }

  #found(
    channel: Channel,
    code: PlanCode,
    finding: Finding,
    places: (report: (block: Block<T>, start: number, end: number) => void) => void,
    track?: Track,
  ): void {
    if (this.#stopped) return;
    const source = this.#sourceOf(code, finding);
    places((block, start, end) => this.#signals.add(source, block.path, start, end));
    if (!code.voting) return;
    if (!code.hold && this.#rules.get(channel)!.action(finding.type, finding.score).action !== 'none') {
      // The policy let it go unjudged: what of the finding has left is said.
      places((block, start, end) => {
        if (block.released > start)
          this.#unjudged.push({ path: block.path, start, end: Math.min(end, block.released), why: 'trail' });
      });
    }
    if (track !== undefined) {
      if (this.#act(channel, track, finding.type, finding.score, finding.start, finding.end)) this.#stop();
      return;
    }
    places((block) => {
      const own = block.track ?? this.#kinds.get(channel)!.track;
      if (this.#act(channel, own, finding.type, finding.score, finding.start, finding.end)) this.#stop();
    });
  }

  /** Returns true when the match ends the stream. */
  #act(channel: Channel, track: Track, type: string, score: number, start: number, end: number): boolean {
    const { action, mask } = this.#rules.get(channel)!.action(type, score);
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
    if (!this.#errors.some((error) => error.id === code.detector.id && error.code === failure)) {
      this.#errors.push({ part: 'detector', id: code.detector.id, code: failure });
    }
    if (this.#rules.get(channel)!.closesWithout(code.detector.types)) return this.#stop();
    for (const place of places) this.#unjudged.push({ ...place, why: 'on_error' });
  }

  readonly #sources = new Map<string, PlanPattern>();

  #sourceOf(code: PlanCode, finding: Finding): PlanPattern {
    const key = `${code.detector.id}\n${finding.type}\n${finding.score}`;
    let source = this.#sources.get(key);
    if (source === undefined)
      this.#sources.set(key, (source = { type: finding.type, score: finding.score, detector: code.detector.id }));
    return source;
  }
}
