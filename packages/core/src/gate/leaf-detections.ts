import type { Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import { asks } from '../detection/asks.ts';
import type { PlanCode } from '../detection/plan.ts';
import type { Source } from '../detection/signals.ts';
import { WindowedDetection } from '../detection/windowed-detection.ts';
import type { ChannelHost } from './channel-host.ts';
import type { Leaf } from './leaf.ts';
import type { OpenRules } from './open-rules.ts';

/** Detectors that are code on the leaves of one channel: each leaf is judged by itself. */
export class LeafDetections {
  readonly #host: ChannelHost;
  readonly #rules: OpenRules;
  readonly #signal: (leaf: Leaf, source: Source, start: number, end: number) => void;

  constructor(
    host: ChannelHost,
    rules: OpenRules,
    signal: (leaf: Leaf, source: Source, start: number, end: number) => void,
  ) {
    this.#host = host;
    this.#rules = rules;
    this.#signal = signal;
  }

  of(leaf: Leaf, codes: readonly PlanCode[]): readonly WindowedDetection[] {
    return codes.map((code) => this.#detection(leaf, code));
  }

  #detection(leaf: Leaf, code: PlanCode): WindowedDetection {
    return new WindowedDetection(code, {
      run: (text, settled) => this.#host.runCode(code, leaf.path, text, settled),
      found: (_, finding) => this.#codeFound(leaf, code, finding),
      failed: (_, failure, start, end) => this.#codeFailed(leaf, code, failure, start, end),
      notAsked: () => this.#host.facts.notAsked(code.detector.id),
      ...(code.gate !== undefined && {
        asks: (end: number) => asks(code, leaf.detections, end, (one) => this.#host.holds(one)),
      }),
      advanced: () => {
        for (const detection of leaf.detections) detection.poke();
        if (leaf.ended && !leaf.isJudged && !leaf.counted) {
          leaf.counted = true;
          leaf.entry.scanned += leaf.arrived;
        }
        this.#host.advanced();
      },
    });
  }

  #codeFound(leaf: Leaf, code: PlanCode, finding: Finding): void {
    if (this.#host.stopped()) return;
    const { type, score, start, end } = finding;
    const source = this.#host.facts.sourceOf(code, finding);
    this.#signal(leaf, source, start, end);
    if (!code.voting) return;
    const { action, mask } = this.#rules.action(type, score);
    if (action === 'none') return;
    // What of the finding has left is said: the policy let it go unjudged, or an earlier window had found nothing in
    // it.
    const left = Math.min(end, leaf.released);
    if (left > start)
      this.#host.coverage.unjudged(leaf.entry, leaf.base + start, leaf.base + left, code.hold ? 'settled' : 'trail');
    if (action === 'stop') this.#host.stop();
    else if (action === 'redact') leaf.mask({ start, end, type, mask }, true);
    else leaf.heldFrom = Math.min(leaf.heldFrom, start);
  }

  #codeFailed(leaf: Leaf, code: PlanCode, failure: FailureCode, start: number, end: number): void {
    if (this.#host.stopped()) return;
    this.#host.facts.failed(code.detector.id, failure);
    if (this.#rules.closesWithout(code.detector.types)) return this.#host.stop();
    this.#host.coverage.unjudged(leaf.entry, leaf.base + start, leaf.base + end, 'on_error');
  }
}

/** More text of the leaf. */
export function writeAll({ detections }: Leaf, text: string): void {
  for (const detection of detections) detection.write(text);
  for (const detection of detections) detection.poke();
}

/** The leaf has ended. */
export function endAll({ detections }: Leaf): void {
  for (const detection of detections) detection.end();
  for (const detection of detections) detection.poke();
}

/** It is `now`: `WindowedDetection.tick`. */
export function tickAll({ detections }: Leaf, now: number): void {
  for (const detection of detections) detection.tick(now);
  for (const detection of detections) detection.poke();
}
