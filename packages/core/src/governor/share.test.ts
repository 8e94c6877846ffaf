import { afterEach, describe, expect, it } from 'vitest';
import { inShare } from '../contract/share.ts';
import { createGovernor } from '../governor.ts';
import type { ShareDocument } from '../policy/document/document.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Mode } from '../contract/effect.ts';
import type { Governor } from './api.ts';

const OLGA = { who: 'olga', why: 'step by step' };
const open: Governor[] = [];
afterEach(async () => {
  for (const governor of open.splice(0)) await governor.close();
});

async function rolledOut(share?: ShareDocument, mode: Mode = 'enforce'): Promise<Governor> {
  const policy = { policy: 'p', version: 1, mode, default: 'block', ...(share !== undefined && { share }) } as const;
  const governor = await createGovernor({ policy });
  open.push(governor);
  return governor;
}

async function modes(governor: Governor, users: number, attributes: { readonly [name: string]: string } = {}) {
  const found: string[] = [];
  for (let i = 0; i < users; i++) {
    const interaction = governor.interaction({ tenant: 't', user: `user ${i}` });
    found.push((await governor.decide(interaction.event({ stage: 'input', content: 'x', attributes }))).mode);
  }
  return found;
}
const enforced = (found: readonly string[]): readonly number[] =>
  found.flatMap((mode, i) => (mode === 'enforce' ? [i] : []));

describe('a share of subjects', () => {
  const eventOf = (user?: string) => ({ subject: { tenant: 't', ...(user !== undefined && { user }) }, resource: {} });
  const share = (percent: number, seed = 's') => ({ percent, by: ['user'] as const, seed });
  const members = (percent: number, seed?: string): readonly number[] =>
    Array.from({ length: 20_000 }, (_, i) => i).filter((i) => inShare(share(percent, seed), eventOf(`u${i}`)));

  it('has as many as it says, give or take what chance does', () => {
    for (const percent of [0.5, 10, 50, 90]) {
      const expected = 200 * percent;
      // Five standard deviations of a binomial draw.
      const slack = 5 * Math.sqrt(expected * (1 - percent / 100));
      expect(Math.abs(members(percent).length - expected)).toBeLessThan(slack);
    }
    expect([members(0).length, members(100).length]).toEqual([0, 20_000]);
  });

  it('grows: whoever is in a smaller one is in a larger one, and another seed draws others', () => {
    const larger = new Set(members(50));
    expect(members(10).every((member) => larger.has(member))).toBe(true);
    const other = new Set(members(10, 'another'));
    const both = members(10).filter((member) => other.has(member)).length;
    expect(both).toBeLessThan(400); // about a tenth of 2,000
  });

  it('is the same for ever: these are its members', () => {
    expect(members(1).slice(0, 8)).toMatchInlineSnapshot(`
      [
        29,
        73,
        263,
        275,
        424,
        523,
        677,
        682,
      ]
    `);
    expect(inShare(share(50), eventOf())).toBe(inShare(share(50), eventOf()));
  });
});

describe('a policy with a share', () => {
  it('enforces for it, and for all others runs in shadow', async () => {
    const [ten, fifty] = [await rolledOut({ percent: 10 }), await rolledOut({ percent: 50 })];
    const [few, many] = [enforced(await modes(ten, 400)), enforced(await modes(fifty, 400))];
    expect(few.length).toBeGreaterThan(10);
    expect(many.length).toBeGreaterThan(140);
    expect(few.every((member) => many.includes(member))).toBe(true);
    expect(new Set(await modes(ten, 400))).toEqual(new Set(['enforce', 'shadow']));
  });

  it('draws by the fields it names, and leaves the others in the mode it says', async () => {
    const governor = await rolledOut({ percent: 50, by: 'tenant', rest: 'off' });
    expect(new Set(await modes(governor, 50)).size).toBe(1);
    expect(new Set(await modes(await rolledOut({ percent: 0, rest: 'off' }), 5))).toEqual(new Set(['off']));
  });

  it('is for a cohort, and where it cannot be said who is in it, the stricter mode holds', async () => {
    const governor = await rolledOut({ cohort: "attributes.ring == 'canary'" });
    expect(await modes(governor, 2, { ring: 'canary' })).toEqual(['enforce', 'enforce']);
    expect(await modes(governor, 2, { ring: 'all' })).toEqual(['shadow', 'shadow']);
    expect(await modes(governor, 2)).toEqual(['enforce', 'enforce']);
  });

  it('gives way to a mode that an operator sets', async () => {
    const governor = await rolledOut({ percent: 10 });
    await governor.control.setMode({ tenant: 't' }, 'enforce', OLGA);
    expect(enforced(await modes(governor, 50))).toHaveLength(50);
  });

  it.each([
    [{}, 'say for whom'],
    [{ cohort: "detected('pii')" }, 'before texts are read'],
    [{ cohort: 'attributes.ring' }, 'true or false'],
    [{ percent: 101 }, 'share.percent'],
    [{ cohort: "attributes.ring == 'a'", seed: 's' }, '`seed` has no effect here'],
    [{ percnt: 10 }, 'percnt'],
  ] as const)('that says %j does not load', async (share, words) => {
    await expect(rolledOut(share as ShareDocument)).rejects.toThrow(words);
  });
});

describe('a mode for a share, set by an operator', () => {
  it('holds for it, and for the others what held before', async () => {
    const governor = await rolledOut(undefined, 'shadow');
    await governor.control.setMode({}, 'enforce', { ...OLGA, share: { percent: 25 } });
    const quarter = enforced(await modes(governor, 200));
    expect(quarter.length).toBeGreaterThan(20);
    expect(quarter.length).toBeLessThan(90);
    await governor.control.setMode({}, 'enforce', { ...OLGA, share: { percent: 75 } });
    const most = enforced(await modes(governor, 200));
    expect(quarter.every((member) => most.includes(member))).toBe(true);
    expect(await governor.control.list()).toMatchObject([{ share: { percent: 75, by: ['tenant', 'user'] } }]);
    await governor.control.setMode({}, 'enforce', OLGA);
    expect(enforced(await modes(governor, 50))).toHaveLength(50);
  });

  it('makes adapters expect the stricter of both', async () => {
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, mode: 'enforce' } });
    open.push(governor);
    await governor.control.setMode({}, 'off', { ...OLGA, share: { percent: 50 } });
    expect((governor as unknown as { strictestMode(): Mode }).strictestMode()).toBe('enforce');
  });

  it.each([{ percent: 101 }, { percent: '10' }, { percent: 10, by: ['usr'] }, { percent: 10, seed: '' }, {}])(
    'of %j is refused',
    async (share) => {
      const governor = await rolledOut();
      await expect(governor.control.setMode({}, 'off', { ...OLGA, share: share as never })).rejects.toMatchObject({
        code: 'CONTROL_INVALID',
      });
      expect(await governor.control.list()).toEqual([]);
    },
  );
});

describe('one mode for many scopes', () => {
  it('stands for each of them, and a scope that is misspelt lets none stand', async () => {
    const governor = await rolledOut();
    const scopes = Array.from({ length: 250 }, (_, i) => ({ tenant: `t${i}` }));
    const set = await governor.control.setModes(scopes, 'off', OLGA);
    expect(set.map(({ scope }) => scope)).toEqual(scopes);
    expect(await governor.control.list()).toHaveLength(250);
    await expect(
      governor.control.setModes([{ tenant: 'x' }, { tennant: 'y' } as never], 'off', OLGA),
    ).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
    expect(await governor.control.list()).toHaveLength(250);
    const many = Array.from({ length: 1001 }, (_, i) => ({ tenant: `u${i}` }));
    await expect(governor.control.setModes(many, 'off', OLGA)).rejects.toMatchObject({ code: 'CONTROL_INVALID' });
    expect(await governor.control.setModes([], 'off', OLGA)).toEqual([]);
    await governor.close();
  });

  it('stands for none of them when the store fails, and in this process for each of them once it has not', async () => {
    const memory = createMemoryStore();
    let failing = true;
    const store: Store = {
      ...memory,
      setAll: (controls, forMs) => (failing ? Promise.reject(new Error('gone')) : memory.setAll(controls, forMs)),
    };
    const governor = await createGovernor({ policy: { policy: 'p', version: 1, default: 'block' }, store });
    const scopes = [{ tenant: 'a' }, { tenant: 'b' }];
    await expect(governor.control.setModes(scopes, 'off', OLGA)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await governor.control.list()).toEqual([]);
    failing = false;
    await governor.control.setModes(scopes, 'off', { ...OLGA, share: { percent: 50 }, forMs: 60_000 });
    const listed = await governor.control.list();
    expect(listed.map(({ scope, mode, who, share }) => [scope.tenant, mode, who, share?.percent])).toEqual([
      ['a', 'off', OLGA.who, 50],
      ['b', 'off', OLGA.who, 50],
    ]);
    expect(listed.every(({ at, expiresAt }) => expiresAt === at + 60_000)).toBe(true);
    await governor.close();
  });
});
