import { definePolicy } from './document.ts';

definePolicy({
  policy: 'p',
  version: 1,
  deadline: '50ms',
  rules: [
    { id: 'a', on: 'input', detect: { type: 'pii', min: 0.5 }, then: 'block', reason: 'P_PII' },
    { id: 'b', on: ['output'], detect: ['pii', { type: 'secret' }], then: 'redact', reason: 'P_PII' },
  ],
  cooldowns: [{ id: 'c', after: { strikes: 3, within: '10m' }, for: '1m', escalate: { max: '24h', forget: '1d' } }],
  limits: [{ id: 'l', allow: 5, per: '1m', key: 'tenant' }],
});

// @ts-expect-error: a policy has a version
definePolicy({ policy: 'p' });
// @ts-expect-error: not a length of time
definePolicy({ policy: 'p', version: 1, deadline: '50 seconds' });
// @ts-expect-error: not an effect
definePolicy({ policy: 'p', version: 1, rules: [{ id: 'a', on: 'input', then: 'blok' }] });
// @ts-expect-error: not a stage
definePolicy({ policy: 'p', version: 1, rules: [{ id: 'a', on: ['inptu'] }] });
// @ts-expect-error: not a field of rules
definePolicy({ policy: 'p', version: 1, rules: [{ id: 'a', on: 'input', thn: 'block' }] });
// @ts-expect-error: a detector of the policy's own has phrases or patterns
definePolicy({ policy: 'p', version: 1, detectors: [{ id: 'a', words: 'x' }] });
