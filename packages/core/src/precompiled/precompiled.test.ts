import { describe, expect, it } from 'vitest';
import type { Detector } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { Governor } from '../governor/api.ts';
import type { PolicyDocument } from '../policy/document/document.ts';
import { createGovernor as createPrecompiled } from '../precompiled.ts';
import { standardFolding } from '../scanner/unicode/folding.ts';
import { standardLooking } from '../detectors/looking.ts';
import { standardExpressions } from '../policy/condition/condition.ts';
import type { PrecompiledPolicy } from './format.ts';
import { precompile } from './precompile.ts';

/** An application's own: of what goes on behind a match, only the longer one counts. */
const OWN: Detector = {
  id: 'acme.word',
  version: '1',
  types: ['acme.word'],
  patterns: [
    { type: 'acme.word', find: /zq[a-z]{1,8}/, context: { before: 0, after: 0, accepts: (match) => match.length > 6 } },
    { type: 'acme.word', find: { phrase: 'quiet word' }, insideWords: true, fold: false },
  ],
};
const ASKED: Detector = { id: 'acme.asked', version: '2', types: ['acme.asked'], detect: () => [] };

const POLICY: PolicyDocument = {
  policy: 'small',
  version: 1,
  detectors: [
    { id: 'plan', phrases: ['naïve plan'] },
    { id: 'written', phrases: ['plain talk'], marks: true, escapes: true },
    { id: 'ticket', patterns: ['TCK-[0-9]{3,6}(?![0-9])', { pattern: 'case\\s\\d{4}', flags: 'i' }] },
    { use: 'acme.asked', when: 'subject.tenant == "t"' },
  ],
  share: { cohort: 'subject.tenant != "other"' },
  limits: [
    { id: 'spend', on: 'tool_call', tool: 'pay', unit: 'tool.args.amount', allow: 'tool.args.most * 2', per: '1h' },
  ],
  rules: [
    {
      id: 'mask',
      on: ['input', 'output'],
      detect: ['acme.word', 'plan', 'written', 'ticket'],
      then: 'redact',
      reason: 'P_FOUND',
    },
    { id: 'asked', on: 'output', detect: 'acme.asked', then: 'block', reason: 'P_ASKED' },
    {
      id: 'cap',
      on: 'tool_call',
      when: 'has(tool.args.amount) && tool.args.amount > 90',
      then: 'block',
      reason: 'P_CAP',
    },
  ],
};

/** What a module imports. */
const PARTS = { folding: standardFolding, looking: standardLooking, expressions: standardExpressions };

/** As it comes out of a module: plain data, but for what it needs of the engine. */
async function compiled(policy: PolicyDocument, custom: readonly Detector[]): Promise<PrecompiledPolicy> {
  const { policy: made, needs } = await precompile(policy, custom, []);
  const plain = JSON.parse(JSON.stringify(made)) as typeof made;
  return { ...plain, ...Object.fromEntries(needs.map((need) => [need, PARTS[need]])) };
}

const both = async (): Promise<readonly [Governor, Governor]> => {
  const detectors = [OWN, ASKED];
  const policy = await compiled(POLICY, detectors);
  return [await createGovernor({ policy: POLICY, detectors }), await createPrecompiled({ policy, detectors })];
};

describe('a policy that was compiled before', () => {
  it('G1: holds and lets out each unit as one that was compiled now', async () => {
    const [now, before] = await both();
    const left = async (governor: Governor, text: string): Promise<unknown> => {
      const event = governor.interaction({ tenant: 'x' }).event({ stage: 'output' });
      const gate = await governor.openGate(event);
      const pieces = Array.from(text, (unit) => gate.write('text', '', unit));
      return [...pieces, (await gate.end()).pieces];
    };
    for (const text of [
      'zqa zqabcdef!',
      'an unquiet word',
      'NAIVE  PLAN, n\u0430ive plan',
      'TCK-1234 TCK-12345678 Case 1234',
      'plain, **talk**, pl&#97;in t\\u0061lk, plain-talk',
    ])
      expect(await left(before, text)).toEqual(await left(now, text));
    await Promise.all([now.close(), before.close()]);
  });

  it('D5: limits, shares and conditions read what they read', async () => {
    const [now, before] = await both();
    const said = async (governor: Governor, tenant: string, args: { readonly [name: string]: number }) => {
      const interaction = governor.interaction({ tenant });
      const event = interaction.event({ stage: 'tool_call', resource: { tool: 'pay' }, args });
      const { outcome, reason, mode, behaviorVersion } = await governor.decide(event);
      return { outcome, reason, mode, behaviorVersion };
    };
    const all = [];
    for (const governor of [now, before]) {
      all.push([
        await said(governor, 't', { amount: 80, most: 50 }),
        await said(governor, 't', { amount: 80, most: 50 }),
        await said(governor, 'u', { amount: 95, most: 50 }),
        await said(governor, 'u', { most: 50 }),
        await said(governor, 'other', { amount: 95, most: 50 }),
      ]);
    }
    expect(all[0]!.map(({ reason }) => reason)).toContain('LIMIT_EXCEEDED');
    expect(all[0]!.map(({ reason }) => reason)).toContain('P_CAP');
    expect(all[1]).toEqual(all[0]);
    await Promise.all([now.close(), before.close()]);
  });

  it('runs in a governor that compiles, too', async () => {
    const policy = await compiled({ ...POLICY, policy: 'other' }, [OWN, ASKED]);
    const governor = await createGovernor({ policy: [POLICY, policy], detectors: [OWN, ASKED] });
    expect(governor.status().policies.map(({ id }) => id)).toEqual(['small', 'other']);
    await governor.close();
  });

  it.each<readonly [what: string, detectors: readonly Detector[], message: string]>([
    ['one is missing', [OWN], 'it was compiled with the detector `acme.asked`: give it as `detectors`'],
    [
      'one is of another version',
      [OWN, { ...ASKED, version: '3' }],
      'the detector `acme.asked` 2, and the application has the detector `acme.asked` 3',
    ],
    [
      'there is one more',
      [OWN, ASKED, { ...ASKED, id: 'more' }],
      'no detector `more`, and the application has the detector `more` 2',
    ],
    [
      'one has other patterns',
      [{ ...OWN, patterns: [OWN.patterns![0]!] }, ASKED],
      'the patterns of the detector `acme.word` are others now',
    ],
  ])('does not run where of the detectors of the application %s', async (_, detectors, message) => {
    const policy = await compiled(POLICY, [OWN, ASKED]);
    const failed = await createPrecompiled({ policy, detectors }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'PRECOMPILED_MISMATCH' });
    expect((failed as Error).message).toContain(message);
  });

  it('does not run what the governor cannot read', async () => {
    const policy = await compiled(POLICY, [OWN, ASKED]);
    const detectors = [OWN, ASKED];
    await expect(createPrecompiled({ policy: { ...policy, precompiled: 0 }, detectors })).rejects.toMatchObject({
      code: 'PRECOMPILED_MISMATCH',
      message: expect.stringContaining('it is written in form 0') as string,
    });
    const changed = { ...policy, document: { ...policy.document, deadline: '7s' as const } };
    await expect(createPrecompiled({ policy: changed, detectors })).rejects.toMatchObject({
      code: 'PRECOMPILED_MISMATCH',
      message: expect.stringContaining('it would behave as bv1_') as string,
    });
    await expect(createPrecompiled({ policy: POLICY as never, detectors })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining('takes what `flyball compile` wrote') as string,
    });
  });
});
