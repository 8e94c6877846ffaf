/** What the assistant may do. A string, because an edge runtime has no files. */
export const POLICY = `
policy: nextjs-chat
version: 1

detectors:
  - use: pii
  - use: secrets

rules:
  - id: no-secrets
    on: output
    detect: secret
    then: block
    reason: P_SECRET_LEAK

  - id: mask-personal-data
    on: output
    detect: pii.email
    then: redact
    reason: P_PII

  # Who pastes keys is told to stop, and the second time to wait.
  - id: no-keys-in
    on: input
    detect: secret
    then: block
    reason: P_KEY_PASTED
    strike: { pasting: 1 }

cooldowns:
  - id: pasting
    key: [tenant, user]
    after: { strikes: 2, within: 10m }
    for: 30s
`;
