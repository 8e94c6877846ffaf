/** Why a test of the AI SDK ends otherwise governed: what its title and its failure say, and the reason. */
const REASONS: readonly { readonly title: RegExp; readonly failure: RegExp; readonly reason: string }[] = [
  {
    title: /raw chunks/,
    failure: /./,
    reason: 'a raw chunk holds text that nobody has judged yet: none leaves while rules are enforced',
  },
  {
    title: /first chunk timeout .* tool (input delta|call)|should pass through non-text chunks unchanged/,
    failure: /./,
    reason:
      'the input of a tool whose calls rules read waits for its call, and calls for the end of the message; chunks count when they leave',
  },
  {
    title: /resolveLanguageModel .* should return it as-is/,
    failure: /./,
    reason:
      'the test looks at the place where the runner puts governance: what is resolved there is the governed model',
  },
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
