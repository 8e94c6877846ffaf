import type { Detector, DetectorInput, Finding } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';

export type DetectorAnswer =
  | { readonly ok: true; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly code: FailureCode };

/**
 * Runs a code detector on one text under a deadline (milliseconds). Never rejects: what goes wrong is data.
 * The detector's signal aborts when its answer is no longer wanted.
 */
export function runDetector(
  detector: Detector,
  input: Omit<DetectorInput, 'signal'>,
  deadlineMs: number,
  cancelled?: AbortSignal,
): Promise<DetectorAnswer> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const finish = (answer: DetectorAnswer): void => {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', cancel);
      resolve(answer);
    };
    const timeout = (): void => {
      controller.abort(new Error(`detector \`${detector.id}\` did not answer within ${deadlineMs} ms`));
      finish({ ok: false, code: 'TIMEOUT' });
    };
    const cancel = (): void => {
      controller.abort(cancelled?.reason);
      finish({ ok: false, code: 'TIMEOUT' });
    };
    const timer = setTimeout(timeout, Math.max(0, deadlineMs));
    cancelled?.addEventListener('abort', cancel, { once: true });
    Promise.resolve()
      .then(() => detector.detect!({ ...input, signal: controller.signal }))
      .then(
        (findings) => finish(checked(detector, findings, input.text.length)),
        () => finish({ ok: false, code: 'THREW' }),
      );
  });
}

/** Accepts only what the detector declared it would answer: nonsense is a failure, not a finding. */
function checked(detector: Detector, findings: unknown, length: number): DetectorAnswer {
  if (!Array.isArray(findings)) return { ok: false, code: 'INVALID_ANSWER' };
  for (const finding of findings as readonly Partial<Finding>[]) {
    const { type, score, start, end } = finding ?? {};
    const sound =
      typeof type === 'string' &&
      detector.types.includes(type) &&
      typeof score === 'number' &&
      score >= 0 &&
      score <= 1 &&
      Number.isInteger(start) &&
      Number.isInteger(end) &&
      0 <= start! &&
      start! < end! &&
      end! <= length;
    if (!sound) return { ok: false, code: 'INVALID_ANSWER' };
  }
  return { ok: true, findings: findings as readonly Finding[] };
}

/** Scores are rounded so that records hash alike on every machine. */
export function roundScore(score: number): number {
  return Math.round(score * 1e6) / 1e6;
}
