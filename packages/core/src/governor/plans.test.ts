import { afterEach, describe, expect, it } from 'vitest';
import { createGovernor } from '../governor.ts';
import type { Json } from '../contract/json.ts';
import type { LimitDocument } from '../policy/document/document.ts';
import type { Governor } from './api.ts';

const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function limited(
  limit: Partial<LimitDocument> & Pick<LimitDocument, 'allow'>,
  onError: 'block' | 'no_op' = 'block',
) {
  const limits = [{ id: 'questions', unit: 'events', per: '1h', ...limit }] as const;
  const governor = await createGovernor({ policy: { policy: 'p', version: 1, onError, limits } });
  open.push(governor);
  return governor;
}

const ask = (governor: Governor, user: string, attributes: { readonly [name: string]: Json } = {}) =>
  governor.decide(governor.interaction({ tenant: 't', user }).event({ stage: 'input', content: 'hi', attributes }));
const BY_PLAN = "attributes.plan == 'pro' ? 3 : 1";

describe('a limit per plan', () => {
  it('allows as much as the expression says of the event', async () => {
    const governor = await limited({ allow: BY_PLAN });
    const reasons = async (user: string, plan: string): Promise<readonly string[]> => {
      const all = [];
      for (let i = 0; i < 4; i++) all.push((await ask(governor, user, { plan })).reason);
      return all;
    };
    expect(await reasons('ada', 'pro')).toEqual([
      ...['NO_RULE_OBJECTED', 'NO_RULE_OBJECTED', 'NO_RULE_OBJECTED'],
      'LIMIT_EXCEEDED',
    ]);
    expect(await reasons('bob', 'free')).toEqual([
      'NO_RULE_OBJECTED',
      ...['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'],
    ]);
    // A better plan has room at once, though the subject was known to wait.
    expect(await reasons('bob', 'pro')).toEqual([
      'NO_RULE_OBJECTED',
      'NO_RULE_OBJECTED',
      ...Array<string>(2).fill('LIMIT_EXCEEDED'),
    ]);
  });

  it('is an attribute, a whole count or an exact amount of it', async () => {
    const governor = await limited({ allow: 'attributes.quota' });
    const left = async (quota: Json) => (await ask(governor, 'ada', { quota })).limits?.[0]?.remaining;
    expect(await left(5)).toBe(4);
    // No more than was meant.
    expect(await left(3.9)).toBe(1);
    const cost = await limited({ unit: 'cost', allow: 'attributes.budget * 1.5' });
    const interaction = cost.interaction({ tenant: 't', user: 'ada' });
    const event = interaction.event({ stage: 'input', content: 'x', attributes: { budget: 0.5 } });
    await interaction.report(event, { cost: 0.25 });
    expect((await cost.decide(event)).limits).toEqual([
      { limit: 'questions', allow: 0.75, remaining: 0.5, resetMs: expect.any(Number) as number, perMs: 3_600_000 },
    ]);
  });

  it.each([
    [{}, 'MISSING'],
    [{ quota: 'many' }, 'INVALID_ANSWER'],
    [{ quota: -1 }, 'INVALID_ANSWER'],
  ] as const)('that cannot be worked out from %j is a failure by `onError`', async (attributes, code) => {
    const errors = [{ part: 'limit', id: 'questions', code }];
    expect(await ask(await limited({ allow: 'attributes.quota + 0' }), 'ada', attributes)).toMatchObject({
      ...{ outcome: 'BLOCK', reason: 'FAILED_CLOSED', errors },
    });
    expect(await ask(await limited({ allow: 'attributes.quota + 0' }, 'no_op'), 'ada', attributes)).toMatchObject({
      ...{ outcome: 'NO_OP', reason: 'FAILED_OPEN', errors },
    });
  });

  it('is shown to an operator who says the attributes, and used without them', async () => {
    const governor = await limited({ allow: BY_PLAN });
    await ask(governor, 'ada', { plan: 'pro' });
    const scope = { tenant: 't', user: 'ada' };
    const [limit] = (await governor.control.subject(scope, { attributes: { plan: 'pro' } })).limits;
    expect(limit).toMatchObject({ limit: 'questions', used: 1, allow: 3, remaining: 2 });
    const [unknown] = (await governor.control.subject(scope)).limits;
    expect(unknown).toMatchObject({ used: 1 });
    expect(unknown).not.toHaveProperty('allow');
  });

  it.each([
    ['attributes.plan ==', 'limits[0].allow'],
    ["attributes.plan == 'pro'", 'a limit allows a number; this is a `bool`'],
    ["detected('pii') ? 1 : 2", 'signals and labels are not known here'],
    ["label('untrusted') ? 1 : 2", 'signals and labels are not known here'],
    ['tool.args.amount', 'no stage of the rule has `tool.args`'],
  ])('that reads `%s` does not load', async (allow, words) => {
    await expect(limited({ allow })).rejects.toThrow(words);
  });

  it('is reserved from as well', async () => {
    const governor = await limited({ unit: 'cost', allow: "subject.tenant == 't' ? 2 : 1" });
    const interaction = governor.interaction({ tenant: 't', user: 'ada' });
    expect((await interaction.reserve('cost', 1.5)).granted).toBe(true);
    expect((await interaction.reserve('cost', 1)).granted).toBe(false);
  });
});

describe('what is left', () => {
  it('is in the decision, also in the one that refuses, and in none without limits', async () => {
    const governor = await limited({ allow: 1 });
    expect((await ask(governor, 'ada')).limits).toMatchObject([{ limit: 'questions', allow: 1, remaining: 0 }]);
    const refused = await ask(governor, 'ada');
    expect(refused.limits).toMatchObject([{ limit: 'questions', allow: 1, remaining: 0 }]);
    expect(refused.limits![0]!.resetMs).toBeGreaterThan(3_590_000);
    const free = await createGovernor({ policy: { policy: 'p', version: 1 } });
    open.push(free);
    expect(await ask(free, 'ada')).not.toHaveProperty('limits');
  });
});
