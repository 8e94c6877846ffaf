import { describe, expect, it } from 'vitest';
import type { Decision } from '../contract/ruling.ts';
import { createGovernor } from '../governor.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { AdapterGovernor, Governor, Interaction } from './api.ts';

const payouts = {
  id: 'payouts',
  on: 'tool_call',
  tool: 'transfer',
  unit: 'tool.args.amount',
  allow: 5000,
  per: '1h',
  then: 'block',
} as const;
const risky = {
  id: 'risky',
  on: 'tool_call',
  when: "has(tool.args.to) && tool.args.to == 'mallory'",
  then: 'block',
  reason: 'P_RISKY',
} as const;

async function governed(
  more: { readonly store?: Store; readonly onError?: 'block' | 'no_op'; readonly mode?: 'shadow' } = {},
): Promise<AdapterGovernor> {
  const { store = createMemoryStore(), ...rest } = more;
  const policy = { policy: 'p', version: 1, limits: [payouts], rules: [risky], ...rest } as const;
  return (await createGovernor({ policy, store })) as AdapterGovernor;
}
const begin = (governor: Governor): Interaction => governor.interaction({ tenant: 't', user: 'u' });

async function transfer(governor: Governor, args: Parameters<Interaction['event']>[0]['args'], id?: string) {
  const interaction = begin(governor);
  const event = interaction.event({
    stage: 'tool_call',
    resource: { tool: 'transfer' },
    args: args!,
    ...(id !== undefined && { id }),
  });
  return { interaction, event, decision: await governor.decide(event) };
}
const outcome = async (governor: Governor, args: Parameters<typeof transfer>[1], id?: string): Promise<string> => {
  const { decision } = await transfer(governor, args, id);
  return `${decision.outcome} ${decision.reason}`;
};
const ALLOWED = 'ALLOW NO_RULE_OBJECTED';
const FULL = 'BLOCK LIMIT_EXCEEDED';

describe('a limit on what a tool argument names', () => {
  it('S1: of three parallel transfers of 2,000 two pass a limit of 5,000, and what fits beside them', async () => {
    const governor = await governed();
    const all = await Promise.all([1, 2, 3].map(async () => outcome(governor, { amount: 2000 })));
    expect(all.toSorted()).toEqual([ALLOWED, ALLOWED, FULL]);
    expect(await outcome(governor, { amount: 1000.01 })).toBe(FULL);
    expect(await outcome(governor, { amount: 1000 })).toBe(ALLOWED);
    await governor.close();
  });

  it('is not charged for other tools, and does not cover them', async () => {
    const governor = await governed();
    const other = begin(governor).event({ stage: 'tool_call', resource: { tool: 'search' }, args: { amount: 9000 } });
    expect((await governor.decide(other)).errors).toEqual([]);
    const lone = await createGovernor({ policy: { policy: 'p', version: 1, limits: [payouts] } });
    const event = begin(lone).event({ stage: 'tool_call', resource: { tool: 'search' }, args: {} });
    expect((await lone.decide(event)).reason).toBe('NOT_GOVERNED');
    await governor.close();
    await lone.close();
  });

  it('what is missing or no amount is a failure, and takes nothing', async () => {
    for (const [args, code] of [
      [{}, 'MISSING'],
      [{ amount: '2000' }, 'UNREADABLE'],
      [{ amount: -1 }, 'UNREADABLE'],
      [{ amount: null }, 'UNREADABLE'],
    ] as const) {
      const governor = await governed();
      const { decision } = await transfer(governor, args);
      expect([decision.reason, decision.errors]).toEqual(['FAILED_CLOSED', [{ part: 'limit', id: 'payouts', code }]]);
      expect(await outcome(governor, { amount: 5000 })).toBe(ALLOWED);
      await governor.close();
      const open = await governed({ onError: 'no_op' });
      expect((await transfer(open, args)).decision.reason).toBe('FAILED_OPEN');
      await open.close();
    }
  });

  it('a call that a rule stops gives its amount back, and the same event asks anew', async () => {
    const governor = await governed();
    expect(await outcome(governor, { amount: 5000, to: 'mallory' }, 'e1')).toBe('BLOCK P_RISKY');
    expect(await outcome(governor, { amount: 3000 }, 'e2')).toBe(ALLOWED);
    // Approved meanwhile: it is no cheaper for having been stopped once.
    expect(await outcome(governor, { amount: 5000 }, 'e1')).toBe(FULL);
    await governor.close();
  });

  it('a call that an adapter stops after its decision gives its amount back', async () => {
    const governor = await governed();
    const { event, decision } = await transfer(governor, { amount: 5000 });
    await governor.refuse(event, 'EDIT_NOT_APPLICABLE', decision);
    expect(await outcome(governor, { amount: 5000 })).toBe(ALLOWED);
    await governor.close();
  });

  it('D7: shadow reserves in a place of its own, and comes to the same verdicts', async () => {
    const verdicts = async (governor: Governor): Promise<unknown> => {
      const seen: Decision['verdict'][] = [];
      for (const args of [{ amount: 3000 }, { amount: 5000, to: 'mallory' }, { amount: 2001 }, { amount: 2000 }]) {
        seen.push((await transfer(governor, args)).decision.verdict);
      }
      await governor.close();
      return seen;
    };
    const store = createMemoryStore();
    expect(await verdicts(await governed({ store, mode: 'shadow' }))).toEqual(await verdicts(await governed()));
    expect(await outcome(await governed({ store }), { amount: 5000 })).toBe(ALLOWED);
  });

  it('a report settles what the call came to', async () => {
    const governor = await governed();
    const first = await transfer(governor, { amount: 5000 });
    await first.interaction.report(first.event, { 'tool.args.amount': 1000 });
    const second = await transfer(governor, { amount: 4000 });
    expect(second.decision.outcome).toBe('ALLOW');
    await second.interaction.report(second.event, { 'tool.args.amount': 0 });
    expect(await outcome(governor, { amount: 4001 })).toBe(FULL);
    expect(await outcome(governor, { amount: 4000 })).toBe(ALLOWED);
    await governor.close();
  });

  /** A store that carries charges out and says that it did not. */
  const mute = (memory: Store): { readonly store: Store; silent: boolean } => {
    const link = { silent: false, store: memory };
    link.store = {
      ...memory,
      shared: true,
      charge(charges) {
        const answers = memory.charge(charges);
        if (link.silent) throw new StoreError('STORE_TIMEOUT', 'too late', { failure: 'TIMEOUT' });
        return answers;
      },
    };
    return link;
  };

  it('S6: what a store took without saying so is given back when the call does not run', async () => {
    const link = mute(createMemoryStore());
    const governor = await governed({ store: link.store });
    link.silent = true;
    expect(await outcome(governor, { amount: 5000 })).toBe('BLOCK FAILED_CLOSED');
    link.silent = false;
    expect(await outcome(governor, { amount: 5000 })).toBe(ALLOWED);
    await governor.close();
  });

  it('S6: and counts when it runs all the same; what an earlier try of the same event spent stays spent', async () => {
    const link = mute(createMemoryStore());
    const open = await governed({ store: link.store, onError: 'no_op' });
    link.silent = true;
    expect(await outcome(open, { amount: 3000 }, 'e1')).toBe('NO_OP FAILED_OPEN');
    link.silent = false;
    expect(await outcome(open, { amount: 2001 })).toBe(FULL);
    const closed = await governed({ store: link.store });
    link.silent = true;
    expect(await outcome(closed, { amount: 3000 }, 'e1')).toBe('BLOCK FAILED_CLOSED');
    link.silent = false;
    expect(await outcome(closed, { amount: 2001 })).toBe(FULL);
    expect(await outcome(closed, { amount: 2000 })).toBe(ALLOWED);
    await open.close();
    await closed.close();
  });
});

describe('interaction.reserve', () => {
  const budget = { id: 'budget', unit: 'cost', allow: 1, per: '1h' } as const;
  const withBudget = async (more: { readonly store?: Store; readonly mode?: 'shadow' | 'off' } = {}) => {
    const { store = createMemoryStore(), ...rest } = more;
    return createGovernor({ policy: { policy: 'p', version: 1, limits: [budget], ...rest }, store });
  };

  it('S1: what is asked for at once never passes the limit; what is settled takes its place', async () => {
    const governor = await withBudget();
    const asked = await Promise.all(Array.from({ length: 5 }, async () => begin(governor).reserve('cost', 0.3)));
    const granted = asked.filter((one) => one.granted);
    expect(granted.length).toBe(3);
    const refused = asked.find((one) => !one.granted)!;
    expect([refused.limit, refused.retryAfterMs > 0, refused.errors]).toEqual(['budget', true, []]);
    await granted[0]!.settle(0.1);
    await granted[0]!.settle(0.1);
    await granted[1]!.settle(0);
    await refused.settle(0);
    expect((await begin(governor).reserve('cost', 0.600001)).granted).toBe(false);
    expect((await begin(governor).reserve('cost', 0.6)).granted).toBe(true);
    await governor.close();
  });

  it('refuses what is no amount, and units that nothing can count', async () => {
    const governor = await withBudget();
    const interaction = begin(governor);
    const event = interaction.event({ stage: 'input' });
    for (const [unit, amount] of [
      ['cost', Number.NaN],
      ['cost', -1],
      ['csot', 1],
      ['costs', 1],
      ['events', 1],
    ] as const) {
      await expect(interaction.reserve(unit, amount)).rejects.toMatchObject({ code: 'REPORT_INVALID' });
      await expect(interaction.report(event, { [unit]: amount })).rejects.toMatchObject({ code: 'REPORT_INVALID' });
    }
    // What no limit counts is no mistake: adapters report all they are told.
    await interaction.report(event, { input_tokens: 5, output_tokens: 7 });
    expect((await interaction.reserve('input_tokens', 5)).granted).toBe(true);
    await governor.close();
  });

  it('a report with an id counts once, however often it is made', async () => {
    const governor = await withBudget();
    const interaction = begin(governor);
    const event = interaction.event({ stage: 'input' });
    for (let i = 0; i < 3; i++) await interaction.report(event, { cost: 0.4 }, { id: 'turn 1' });
    expect((await interaction.reserve('cost', 0.6)).granted).toBe(true);
    await interaction.report(event, { cost: 0.4 });
    expect((await interaction.reserve('cost', 0.000001)).granted).toBe(false);
    await governor.close();
  });

  it('grants in shadow whatever the answer, and in mode off without asking', async () => {
    for (const mode of ['shadow', 'off'] as const) {
      const store = createMemoryStore();
      const governor = await withBudget({ store, mode });
      expect((await begin(governor).reserve('cost', 5)).granted).toBe(true);
      expect((await begin(governor).reserve('cost', 1)).granted).toBe(true);
      await governor.close();
      expect((await begin(await withBudget({ store })).reserve('cost', 1)).granted).toBe(true);
    }
  });

  it('says what could not be asked, and takes nothing then', async () => {
    const memory = createMemoryStore();
    let gone = true;
    const store: Store = {
      ...memory,
      charge(charges) {
        const answers = memory.charge(charges);
        if (gone) throw new StoreError('STORE_TIMEOUT', 'too late', { failure: 'TIMEOUT' });
        return answers;
      },
    };
    const governor = await withBudget({ store });
    const { granted, errors } = await begin(governor).reserve('cost', 1);
    expect([granted, errors]).toEqual([false, [{ part: 'store', id: 'budget', code: 'TIMEOUT' }]]);
    gone = false;
    expect((await begin(governor).reserve('cost', 1)).granted).toBe(true);
    await governor.close();
  });
});
