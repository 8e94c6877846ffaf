import type { Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import type { PlanCode, PlanPattern, TextPlan } from '../detection/plan.ts';
import type { DetectorAnswer } from '../detection/run-detector.ts';
import { asks } from '../detection/asks.ts';
import { WindowedDetection, type JudgedSpan } from '../detection/windowed-detection.ts';
import type { Block } from './block.ts';
import type { ChannelHost } from './channel-host.ts';
import type { ChannelText } from './channel-text.ts';
import type { OpenRules } from './open-rules.ts';
import type { Track, TrackSink } from './track.ts';

/** Called for each block that a span of a track touches. */
type Report<T> = (block: Block<T>, start: number, end: number) => void;

/**
 * What is found in the blocks of one channel: noted in the facts, and carried out by the rules as a mask, a hold or a
 * stop.
 */
export class ChannelMatches<T> implements TrackSink {
  readonly #host: ChannelHost;
  readonly #rules: OpenRules;
  readonly #text: () => ChannelText<T>;

  constructor(host: ChannelHost, rules: OpenRules, text: () => ChannelText<T>) {
    this.#host = host;
    this.#rules = rules;
    this.#text = text;
  }

  /** A match of the scanner. Returns true when it ends the stream. */
  matched(track: Track, pattern: PlanPattern, start: number, end: number): boolean {
    this.#places(track, start, end, (block, from, to) => {
      this.#host.facts.signal(pattern, block.path, from, to);
      this.#text().touch(block);
    });
    return this.#act(track, pattern.type, pattern.score, start, end);
  }

  found(track: Track, code: PlanCode, finding: Finding): void {
    this.#found(code, finding, (report) => this.#places(track, finding.start, finding.end, report), track);
  }

  failed(track: Track, code: PlanCode, failure: FailureCode, start: number, end: number): void {
    const places: { path: string; start: number; end: number }[] = [];
    this.#places(track, start, end, (block, from, to) => places.push({ path: block.path, start: from, end: to }));
    this.#failed(code, failure, places);
  }

  advanced(): void {
    this.#host.advanced();
  }

  notAsked(code: PlanCode): void {
    this.#host.facts.notAsked(code.detector.id);
  }

  runCode(code: PlanCode, text: string, settled: number): Promise<DetectorAnswer> {
    return this.#host.runCode(code, this.#host.channel, text, settled);
  }

  holds(code: PlanCode): boolean {
    return this.#host.holds(code);
  }

  get now(): (() => number) | undefined {
    return this.#host.now;
  }

  judgedBehind(code: PlanCode, span: JudgedSpan, released: number): void {
    this.#host.facts.judgedBehind(code, span, released, this.#host.now!());
  }

  /** The detectors of a plan that want a whole block. `block` is complete by the time they answer. */
  wholeBlock(plan: TextPlan, block: () => Block<T>): readonly WindowedDetection[] {
    const codes = plan.code.filter((code) => code.detector.window === undefined);
    const detections: readonly WindowedDetection[] = codes.map(
      (code) =>
        new WindowedDetection(code, {
          run: (text, settled) => this.#host.runCode(code, block().path, text, settled),
          found: (_, finding) => this.#found(code, finding, (report) => report(block(), finding.start, finding.end)),
          failed: (_, failure, start, end) => this.#failed(code, failure, [{ path: block().path, start, end }]),
          notAsked: () => this.notAsked(code),
          advanced: () => {
            for (const detection of detections) detection.poke();
            this.#host.advanced();
          },
          ...(code.gate !== undefined && {
            asks: (end: number) => asks(code, detections, end, (one) => this.holds(one)),
          }),
        }),
    );
    return detections;
  }

  /** A span of a track as spans of blocks. */
  #places(track: Track, start: number, end: number, report: Report<T>): void {
    const text = this.#text();
    if (track === text.track) return text.split(start, end, report);
    const block = text.blockOf(track);
    if (block !== undefined) report(block, start, end);
  }

  #found(code: PlanCode, finding: Finding, places: (report: Report<T>) => void, track?: Track): void {
    const { facts } = this.#host;
    if (this.#host.stopped()) return;
    const source = facts.sourceOf(code, finding);
    places((block, start, end) => facts.signal(source, block.path, start, end));
    if (!code.voting) return;
    if (this.#rules.action(finding.type, finding.score).action !== 'none') {
      // What of the finding has left is said: the policy let it go unjudged, or an earlier window had found nothing in
      // it.
      const why = code.hold ? 'settled' : 'trail';
      places((block, start, end) => {
        if (block.released > start)
          facts.unjudged({ path: block.path, start, end: Math.min(end, block.released), why });
      });
    }
    if (track !== undefined) {
      this.#act(track, finding.type, finding.score, finding.start, finding.end);
      return;
    }
    places((block) => {
      const own = block.track ?? this.#text().track;
      this.#act(own, finding.type, finding.score, finding.start, finding.end);
    });
  }

  #act(track: Track, type: string, score: number, start: number, end: number): boolean {
    const { action, mask } = this.#rules.action(type, score);
    if (action === 'stop') {
      this.#host.stop();
      return true;
    }
    if (action === 'redact') track.regions.add({ start, end, type, mask });
    else if (action === 'hold' && start < track.heldFrom) track.heldFrom = start;
    return false;
  }

  #failed(
    code: PlanCode,
    failure: FailureCode,
    places: readonly { readonly path: string; readonly start: number; readonly end: number }[],
  ): void {
    if (this.#host.stopped()) return;
    this.#host.facts.failed(code.detector.id, failure);
    if (this.#rules.closesWithout(code.detector.types)) return this.#host.stop();
    for (const place of places) this.#host.facts.unjudged({ ...place, why: 'on_error' });
  }
}
