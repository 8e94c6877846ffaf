import type { Difference } from './compare.ts';

/** Why a test of others ends otherwise governed: the suite and mode, what its failure says, and the reason. */
const REASONS: readonly {
  readonly suite: string;
  readonly mode: string;
  readonly title: RegExp;
  readonly failure: RegExp;
  readonly reason: string;
}[] = [
  {
    suite: 'compression',
    mode: 'enforce',
    title: /./,
    failure: /"Content-Encoding" header field|strictly equal|Timeout/,
    reason:
      'the test wants a coded answer: in front of compression, governance decodes it to read it, and sends it plain. In the order that the documents give, below, nothing differs',
  },
  {
    suite: 'compression, governance behind it',
    mode: 'enforce',
    title: /should return false writing after end/,
    failure: /falsy|is missing/,
    reason: 'compression answers `false` to a second `end`; Node answers the response, and so does an enforced one',
  },
  {
    suite: 'compression, governance behind it',
    mode: 'enforce',
    title: /res\.flush\(\) should flush the response$/,
    failure: /Timeout/,
    reason: 'text of a declared length is judged in one piece; the test writes half of it and waits for the client',
  },
];

/** The known reason for a difference. */
export function knownReason(suite: string, mode: string, { title, is }: Difference): string | undefined {
  return REASONS.find(
    (one) => one.suite === suite && one.mode === mode && one.title.test(title) && one.failure.test(is),
  )?.reason;
}
