import type { Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import type { PlanCode, PlanPattern, TextPlan } from '../detection/plan.ts';
import type { Allowance } from './allowance.ts';
import { Regions } from './regions.ts';
import { ScanPair } from './scan-pair.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { asks } from '../detection/asks.ts';
import { WindowedDetection, type DetectionHost, type JudgedSpan } from '../detection/windowed-detection.ts';

/** What a track reports. Positions are the track's own. */
export interface TrackSink {
  /** A match of the scanner. Returns true when it ends the stream at this unit. */
  matched(track: Track, pattern: PlanPattern, start: number, end: number): boolean;
  found(track: Track, code: PlanCode, finding: Finding): void;
  failed(track: Track, code: PlanCode, failure: FailureCode, start: number, end: number): void;
  notAsked(code: PlanCode): void;
  advanced(): void;
  runCode(code: PlanCode, text: string, settled: number): Promise<DetectorAnswer>;
  /** Whether the condition of a detector holds for what has been found so far. */
  holds(code: PlanCode): boolean;
  /** Milliseconds, for detectors that judge behind the text. Absent: nothing is measured. */
  readonly now: (() => number) | undefined;
  /** A detector that judges behind the text has judged new text, of which and beyond which so much had left. */
  judgedBehind(code: PlanCode, span: JudgedSpan, released: number): void;
}

/** One text under judgement: all text of a channel in the order of arrival, or one block where blocks interleave. */
export class Track {
  readonly regions: Regions;
  /** Position of the oldest candidate of a rule that only the whole text can answer. */
  heldFrom: number = Number.POSITIVE_INFINITY;
  /** Released whatever is held, because the policy says so at its bound. */
  floor = 0;
  readonly #plan: TextPlan;
  readonly #sink: TrackSink;
  readonly #isChannel: boolean;
  readonly #detections: readonly WindowedDetection[];
  readonly #scans: ScanPair;
  #position = 0;

  /**
   * `isChannel`: all text of a channel, where what leaves before its judgement is measured; the blocks are parts of it.
   */
  constructor(plan: TextPlan, sink: TrackSink, isChannel: boolean, from?: Track) {
    this.#plan = plan;
    this.#sink = sink;
    this.#isChannel = isChannel;
    this.regions = from === undefined ? new Regions() : from.regions.copy();
    const voting = (index: number, start: number, end: number): boolean =>
      sink.matched(this, plan.voting!.patterns[index]!, start, end);
    const listening = (index: number, start: number, end: number): void =>
      void sink.matched(this, plan.listening!.patterns[index]!, start, end);
    this.#scans = new ScanPair(plan, voting, listening, from === undefined ? undefined : from.#scans);
    if (from === undefined) {
      this.#detections = plan.code
        .filter((code) => code.detector.window !== undefined)
        .map((code) => new WindowedDetection(code, this.#hostOf(code)));
    } else {
      this.#detections = from.#detections.map((detection) => detection.fork(this.#hostOf(detection.code)));
      this.#position = from.#position;
      this.heldFrom = from.heldFrom;
      this.floor = from.floor;
    }
  }

  get position(): number {
    return this.#position;
  }

  /** Everything before it may leave, masks in place. */
  get frontier(): number {
    let frontier = this.#scans.hold(this.#position);
    if (this.heldFrom < frontier) frontier = this.heldFrom;
    if (this.#detections.length > 0) {
      for (const detection of this.#detections)
        if (detection.code.hold && detection.frontier < frontier) frontier = detection.frontier;
    }
    return frontier < this.floor ? this.floor : frontier;
  }

  /** No finding to come starts before it, of rules that hold text or of those that only listen. */
  get finalBefore(): number {
    return Math.min(this.frontier, this.#scans.listensFrom(this.#position), this.judged);
  }

  /** Units up to which every detector has judged. */
  get judged(): number {
    let judged = this.#position;
    for (const detection of this.#detections) judged = Math.min(judged, detection.frontier);
    return judged;
  }

  /** Returns the units consumed: those that the allowance covers, or those up to the match that stopped the stream. */
  write(text: string, allowance: Allowance): number {
    const consumed = this.#scans.writeSome(text, allowance);
    if (this.#detections.length > 0) {
      const seen = consumed === text.length ? text : text.slice(0, consumed);
      for (const detection of this.#detections) detection.write(seen);
      this.#poke();
    }
    this.#position += consumed;
    return consumed;
  }

  end(): void {
    this.#scans.end();
    for (const detection of this.#detections) detection.end();
    this.#poke();
  }

  /** True while the clock of a window may free text. */
  get waits(): boolean {
    return this.#detections.some((detection) => detection.waits);
  }

  /** It is `now`: `WindowedDetection.tick`. */
  tick(now: number): void {
    for (const detection of this.#detections) detection.tick(now);
    this.#poke();
  }

  /** A text of its own that has been the same as this one so far. */
  fork(): Track {
    return new Track(this.#plan, this.#sink, false, this);
  }

  /** A text of its own that begins now. */
  fresh(): Track {
    return new Track(this.#plan, this.#sink, false);
  }

  #hostOf(code: PlanCode): DetectionHost {
    const sink = this.#sink;
    const { now } = sink;
    return {
      run: (text, settled) => sink.runCode(code, text, settled),
      found: (_, finding) => sink.found(this, code, finding),
      failed: (_, failure, start, end) => sink.failed(this, code, failure, start, end),
      notAsked: () => sink.notAsked(code),
      advanced: () => {
        this.#poke();
        sink.advanced();
      },
      ...(code.gate !== undefined && {
        asks: (end: number) => asks(code, this.#detections, end, (one) => sink.holds(one)),
      }),
      ...(code.voting &&
        !code.hold &&
        this.#isChannel &&
        now !== undefined && {
          behind: {
            now,
            judged: (span: JudgedSpan) => sink.judgedBehind(code, span, Math.min(this.frontier, this.#position)),
          },
        }),
    };
  }

  /** Detectors that wait for others may have what they wait for. */
  #poke(): void {
    for (const detection of this.#detections) if (detection.code.gate !== undefined) detection.poke();
  }

  /** Gives up what is held before `position`. */
  release(position: number): void {
    this.floor = position;
    this.#scans.dropBefore(position);
    if (this.heldFrom < position) this.heldFrom = position;
  }
}
