import type { PlanCode } from './plan.ts';
import type { WindowedDetection } from './windowed-detection.ts';

/**
 * Whether a detector is asked about text up to `end`; `undefined` until those among `peers` whose signals its condition
 * reads have judged that far. `holds` evaluates the condition.
 */
export function asks(
  code: PlanCode,
  peers: readonly WindowedDetection[],
  end: number,
  holds: (code: PlanCode) => boolean,
): boolean | undefined {
  if (code.gate === undefined) return true;
  for (const peer of peers) {
    if (peer.judgedTo < end && code.gate.waitsFor.has(peer.code.detector.id)) return undefined;
  }
  return holds(code);
}
