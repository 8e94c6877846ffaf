import type { Pack, Recogniser } from '@flyball/detectors';
import { describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import { createMemorySink } from '../audit/memory-sink.ts';
import { definePack } from './define-pack.ts';
import { checkExamples } from './examples.ts';

const badge: Recogniser = {
  type: 'acme.badge',
  name: 'Staff badge',
  forms: [
    { find: /(?<!\w)B-\d{4}(?!\d)/, score: 0.9, validate: (match) => match !== 'B-0000' },
    { find: /(?<![\w-])\d{4}(?!\w)/, score: 0.6, near: ['badge', 'staff id'] },
    { find: { heads: ['acme_'], whole: /acme_[a-z]{8}/ }, score: 1 },
  ],
  source: 'staff handbook',
  since: '1',
  finds: ['badge of «B-1234»', 'his staffId: «4711».', '«4711» is the Badge', 'say «acme_abcdefgh».'],
  ignores: ['B-0000', 'the year 1984', 'acme_abcd'],
};
const ACME: Pack = { name: 'acme', version: '1', parts: { staff: [badge] } };

describe('a pack of an application', () => {
  it('does what its examples say', async () => {
    expect(await checkExamples(definePack(ACME))).toEqual([]);
  });

  it('is told from one that does not', async () => {
    const wrong: Recogniser = { ...badge, finds: ['«4711» alone'], ignores: ['B-1234'] };
    const problems = await checkExamples({ ...ACME, parts: { staff: [wrong] } });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('should find 0-4');
  });

  it.each(['acme', 'acme/staff', 'acme.badge'])(
    'is used as %s, with exceptions, and is one line of the coverage',
    async (use) => {
      const audit = createMemorySink();
      const governor = await createGovernor({
        policy: {
          policy: 'p',
          version: 1,
          detectors: [{ use, except: ['B-1111'] }],
          rules: [{ id: 'badge', on: 'input', detect: 'acme.badge', then: 'redact', reason: 'P_BADGE' }],
        },
        packs: [ACME],
        audit,
      });
      const interaction = governor.interaction({ tenant: 't', user: 'u' });
      const decision = await governor.decide(
        interaction.event({ stage: 'input', content: 'staff id 4711 and B-1111' }),
      );
      await governor.close();
      expect(decision.signals).toMatchObject([
        { type: 'acme.badge', score: 0.6, start: 9, end: 13, detector: 'acme.badge' },
      ]);
      expect(decision.coverage.detectors).toEqual([use]);
    },
  );

  it.each([
    ['a name that a policy cannot write', { ...ACME, name: 'Acme Corp' }],
    ['a name that is taken', { ...ACME, name: 'pii' }],
    ['no version', { ...ACME, version: '' }],
    ['a part on request that is not there', { ...ACME, onRequest: ['x'] }],
    ['a part without a name', { ...ACME, parts: { 'A B': [badge] } }],
    ['the same type twice', { ...ACME, parts: { a: [badge], b: [badge] } }],
    ['no form', { ...ACME, parts: { a: [{ ...badge, forms: [] }] } }],
    ['no source', { ...ACME, parts: { a: [{ ...badge, source: '' }] } }],
    ['no examples', { ...ACME, parts: { a: [{ ...badge, finds: [] }] } }],
    ['an example without a mark', { ...ACME, parts: { a: [{ ...badge, finds: ['B-1234'] }] } }],
    ['a score of 2', { ...ACME, parts: { a: [{ ...badge, forms: [{ find: /x/, score: 2 }] }] } }],
    [
      'a head of one letter',
      { ...ACME, parts: { a: [{ ...badge, forms: [{ find: { heads: ['x'], whole: /x/ }, score: 1 }] }] } },
    ],
  ])('is refused with %s', (_, pack) => {
    expect(() => definePack(pack)).toThrow(expect.objectContaining({ code: 'DETECTOR_INVALID' }));
  });
});
