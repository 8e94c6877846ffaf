import { createGovernor, precompilePolicy, type Detector, type Governor, type PolicyDocument } from '@flyball/core';
import { createGovernor as createPrecompiled } from '@flyball/core/precompiled';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../packages/core/src/assemble.ts';
import { decide } from '../../packages/core/src/decision/decide.ts';
import { canonicalJson } from '../../packages/core/src/policy/canonical-json.ts';
import { loadPrecompiled } from '../../packages/core/src/precompiled/load.ts';
import { expandExample } from '@flyball/detectors';
import { EXFILTRATION } from '@flyball/detectors/exfiltration';
import { HARMFUL } from '@flyball/detectors/harmful';
import { HIDDEN } from '@flyball/detectors/hidden';
import { INJECTION } from '@flyball/detectors/injection';
import { LEAKAGE } from '@flyball/detectors/leakage';
import { PII } from '@flyball/detectors/pii';
import { SECRETS } from '@flyball/detectors/secrets';
import { Random } from '../bench/detector-random.ts';
import { defaultOf } from './compiled-module.ts';
import { decisionVectors } from './decisions.ts';
import { CASES } from './detectors/cases.ts';

describe.each(decisionVectors())('D5: compiled ahead of time, the policy of $file', ({ policy, detectors, cases }) => {
  it('comes to the rulings of one that is compiled at the start', { timeout: 120_000 }, async () => {
    // Without `detectors` of its own, the policy's are those of an application.
    const custom = detectors
      .filter(({ kind }) => kind === 'code' || policy.detectors === undefined)
      .map(({ id, version, types, kind }): Detector => ({
        ...{ id, version, types },
        ...(kind === 'code' ? { detect: () => [] } : { patterns: types.map((type) => ({ type, find: /never said/ })) }),
      }));
    const module = await defaultOf(await precompilePolicy(policy, { detectors: custom }));
    const before = (await assemble(policy, custom)).policy;
    const after = (await loadPrecompiled(module, custom)).policy;
    expect(after.behaviorVersion).toBe(before.behaviorVersion);
    for (const { name, event, findings, snapshot } of cases) {
      const ruling = decide(after, event, findings, snapshot);
      expect(`${name}: ${canonicalJson(ruling)}`).toBe(
        `${name}: ${canonicalJson(decide(before, event, findings, snapshot))}`,
      );
    }
  });
});

/** Everything at once, with exceptions, words and expressions of its own, and expressions that read what was found. */
const ALL: PolicyDocument = {
  policy: 'all',
  version: 1,
  detectors: [
    {
      use: 'pii',
      except: ['help@acme.example', { domain: 'acme.example' }, { pattern: 'bot\\d+@[a-z.]+', type: 'pii.email' }],
      keep_last: { 'pii.card': 4 },
    },
    { use: 'secrets' },
    { use: 'injection' },
    { use: 'hidden' },
    { use: 'harmful' },
    { use: 'leakage' },
    { use: 'exfiltration', allow_hosts: ['cdn.example'] },
    { id: 'codename', phrases: ['project falcon', 'naïve plan'] },
    { id: 'ticket', patterns: ['TCK-[0-9]{3,6}', { pattern: 'case\\s+\\d{4}', flags: 'i' }] },
  ],
  rules: [
    {
      id: 'mask',
      on: 'output',
      detect: ['pii', 'secret', 'codename', 'ticket'],
      then: 'redact',
      reason: 'P_FOUND',
    },
    { id: 'label', on: 'output', detect: ['hidden', 'harmful', 'exfiltration', 'leakage'], label: ['odd'] },
    {
      id: 'orders',
      on: 'output',
      detect: 'injection',
      when: 'subject.tenant.startsWith("t") && signal("injection") >= 0.1',
      then: 'redact',
      reason: 'P_ORDER',
    },
  ],
};

const PACKS = [PII, SECRETS, INJECTION, HIDDEN, HARMFUL, LEAKAGE, EXFILTRATION];
/** One example of everything, and a part of the corpus. */
const TEXTS: readonly string[] = [
  ...PACKS.flatMap(({ parts }) => Object.values(parts).flat()).map(({ finds }) => expandExample(finds[0]!).text),
  ...CASES.filter((_, index) => index % 25 === 0).map(({ text }) => text),
  'help@acme.example, ann@acme.example, bot7@x.example and eve@acme.example.org',
  'Proj\u0435ct Fa\u00adlcon, a naive plan, TCK-1234 and CASE 2024',
];

describe('D5, G1: a policy with every pack, compiled ahead of time', () => {
  let now: Governor;
  let before: Governor;
  beforeAll(async () => {
    now = await createGovernor({ policy: ALL });
    before = await createPrecompiled({ policy: await defaultOf(await precompilePolicy(ALL)) });
    const [version] = before.status().policies;
    expect(now.status().policies).toEqual([version]);
  }, 120_000);
  afterAll(() => Promise.all([now.close(), before.close()]));

  /** What leaves while it streams, piece by piece, and the ruling. */
  async function through(governor: Governor, pieces: readonly string[]): Promise<string> {
    const gate = await governor.openGate(governor.interaction({ tenant: 't', user: 'u' }).event({ stage: 'output' }));
    const left = pieces.map((piece) => gate.write('text', '', piece));
    const { pieces: last, decision } = await gate.end();
    const { auditId: _, interactionId: __, eventId: ___, at: ____, durationUs: _____, ...ruling } = decision;
    return JSON.stringify({ left, last, ruling }, undefined, 1);
  }

  it('lets out the same at the same unit, and rules alike', async () => {
    const random = new Random(7);
    let found = 0;
    for (const text of TEXTS) {
      const pieces: string[] = [];
      for (let at = 0; at < text.length; at += pieces.at(-1)!.length)
        pieces.push(text.slice(at, at + 1 + random.below(24)));
      const [one, other] = [await through(now, pieces), await through(before, pieces)];
      expect(other).toBe(one);
      if (/"edits": \[\s*\{|"odd"/.test(one)) found++;
    }
    expect(found).toBeGreaterThan(TEXTS.length / 2);
  }, 120_000);
});
