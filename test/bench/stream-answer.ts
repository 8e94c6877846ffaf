// What the benchmarks of streams have in common: the policy, and an answer.
export const STREAM_POLICY = `
policy: bench
version: 1
detectors:
  - use: pii
  - use: secrets
rules:
  - { id: no-secrets, on: [input, output], detect: secret, then: block, reason: P_SECRET }
  - { id: mask-pii, on: output, detect: pii, then: redact, reason: P_PII }
`;

/** Deltas as providers cut them: mostly one word with the blank before it. */
export const STREAM_WORDS: readonly string[] =
  'The order left on Monday, and the parcel should be with you by the end of the week .'.split(' ');
