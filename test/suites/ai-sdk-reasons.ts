/** Why a test of the AI SDK ends otherwise governed: what its title and its failure say, and the reason. */
const REASONS: readonly { readonly title: RegExp; readonly failure: RegExp; readonly reason: string }[] = [
  {
    title: /./,
    failure: /AbortSignal|abortSignal/,
    reason:
      'the provider is asked with a signal of ours, which a stop and a halt abort too (E6); the test looks at the signal itself',
  },
  {
    title: /throughput|response time|performance|timing/i,
    failure: /./,
    reason:
      'the test counts turns of a clock that it stopped, and a governed answer takes some turns more (E4: timing while enforcing)',
  },
];

/** The known reason for a difference. */
export function reasonFor(title: string, failure: string): string | undefined {
  return REASONS.find((one) => one.title.test(title) && one.failure.test(failure))?.reason;
}
