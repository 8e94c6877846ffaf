import type { Detector, DetectorInput, Finding, NotAsked } from '../contract/detector.ts';
import type { FailureCode } from '../contract/ruling.ts';
import { call, type CallOptions } from '../outside/call.ts';

export type DetectorAnswer =
  | { readonly ok: true; readonly findings: readonly Finding[]; readonly notAsked?: true }
  | { readonly ok: false; readonly code: FailureCode; /** Why, for people. */ readonly cause?: unknown };

/**
 * Runs a code detector on one text. Never rejects: what goes wrong is data. `options` say how long it may take, and the
 * signal that aborts when nobody wants the answer any more; the detector's own signal aborts in both cases. A detector
 * that declares a deadline of its own has that one.
 */
export async function runDetector(
  detector: Detector,
  input: Omit<DetectorInput, 'signal'>,
  options: CallOptions,
): Promise<DetectorAnswer> {
  const answer = await call(
    'detector',
    detector.id,
    // The answer is read in here too: a list made by a stranger may throw when it is read.
    async ({ signal }) => findingsOf(detector, await detector.detect!({ ...input, signal }), input.text.length),
    detector.deadlineMs === undefined ? options : { ...options, deadlineMs: detector.deadlineMs },
  );
  if (!answer.ok) return { ok: false, code: answer.failure.code, cause: answer.cause };
  if (answer.value === 'not_asked') return NOT_ASKED;
  return answer.value === undefined
    ? { ok: false, code: 'INVALID_ANSWER', cause: new TypeError(NONSENSE) }
    : { ok: true, findings: answer.value };
}

/** Findings of one text: what is more would keep the process from its other work, and says nothing more. */
const MOST_FINDINGS = 10_000;

const NONSENSE =
  'its findings must be of a declared type, with a score from 0 to 1, a place in the text, ' +
  `and no more than ${MOST_FINDINGS.toLocaleString('en')}`;

export const NOT_ASKED: DetectorAnswer = Object.freeze({ ok: true, findings: Object.freeze([]), notAsked: true });

/**
 * A copy of the findings in order of their places, so that how a detector lists them cannot change what is counted.
 * `undefined` if one of them is not what the detector declared: nonsense is a failure, not a finding.
 */
function findingsOf(detector: Detector, answer: unknown, length: number): readonly Finding[] | NotAsked | undefined {
  if (answer === 'not_asked') return answer;
  if (!Array.isArray(answer) || answer.length > MOST_FINDINGS) return undefined;
  const findings: Finding[] = [];
  for (const given of answer as readonly Partial<Finding>[]) {
    const { type, score, start, end } = given ?? {};
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
    if (!sound) return undefined;
    findings.push({ type, score, start: start!, end: end! });
  }
  return findings.sort((a, b) => a.start - b.start || a.end - b.end);
}
