import { describe, expect, test } from 'vitest';
import type { Control, Scope } from '../contract/control.ts';
import type { Mode } from '../contract/effect.ts';
import type { GovernedEvent, Stage } from '../contract/event.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import { laddersFor, limitsFor, resolveMode } from './applies.ts';
import { compilePolicy } from '../policy/compile.ts';

const policy: CompiledPolicy = await compilePolicy(
  {
    policy: 'p',
    version: 1,
    mode: 'shadow',
    rules: [{ id: 'r', on: 'output', strike: { spam: 1, abuse: 2 } }],
    cooldowns: [
      { id: 'spam', after: { strikes: 1, within: '1m' }, for: '1m' },
      { id: 'abuse', after: { strikes: 1, within: '1m' }, for: '1m' },
    ],
    limits: [
      { id: 'b', on: ['input', 'tool_call'], allow: 1, per: '1m' },
      { id: 'a', allow: 1, per: '1m' },
    ],
  },
  [],
);

const event = (stage: Stage = 'input'): GovernedEvent => ({
  id: 'e',
  interactionId: 'i',
  stage,
  point: 'model',
  subject: { tenant: 'acme', user: 'ann' },
  resource: { model: 'large' },
  attributes: {},
  labels: [],
  content: [],
});

let next = 0;
const control = (scope: Scope, mode?: Mode, id = `ctl_${next++}`): Control => ({
  id,
  kind: mode === undefined ? 'halt' : 'mode',
  scope,
  ...(mode !== undefined && { mode }),
  who: 'op',
  why: 'test',
  at: 0,
});

describe('the mode of an event', () => {
  const modeOf = (...controls: readonly Control[]): Mode => resolveMode(policy, event(), controls).mode;

  test('is the policy’s where no control covers the event', () => {
    expect(modeOf()).toBe('shadow');
    expect(modeOf(control({ tenant: 'beta' }, 'off'))).toBe('shadow');
    expect(modeOf(control({ tenant: 'acme', tool: 'refund' }, 'off'))).toBe('shadow');
  });

  test('is that of the control which names most of its scope, in any order', () => {
    const wide = control({}, 'enforce');
    const narrow = control({ tenant: 'acme', user: 'ann' }, 'off');
    expect(modeOf(wide, narrow)).toBe('off');
    expect(modeOf(narrow, wide)).toBe('off');
  });

  test('is the strictest of those that name as much', () => {
    const [off, shadow, enforce] = [
      control({ user: 'ann' }, 'off'),
      control({ model: 'large' }, 'shadow'),
      control({ tenant: 'acme' }, 'enforce'),
    ];
    expect(modeOf(off, shadow)).toBe('shadow');
    expect(modeOf(shadow, enforce, off)).toBe('enforce');
  });
});

test('a mode entry that names no mode says nothing', () => {
  const { mode: _, ...nameless } = control({ tenant: 'acme', user: 'ann' }, 'off');
  expect(resolveMode(policy, event(), [control({}, 'enforce'), nameless]).mode).toBe('enforce');
});

describe('the halt of an event', () => {
  test('is the most specific in scope, ties by id', () => {
    const [wide, b, a] = [
      control({}),
      control({ tenant: 'acme' }, undefined, 'b'),
      control({ user: 'ann' }, undefined, 'a'),
    ];
    expect(resolveMode(policy, event(), [wide, b, a]).halt?.id).toBe('a');
    expect(resolveMode(policy, event(), [a, b, wide]).halt?.id).toBe('a');
    expect(resolveMode(policy, event(), [control({ tenant: 'beta' })]).halt).toBeUndefined();
  });
});

test('ladders concern input and tool calls, limits the stages they name; both are sorted by id', () => {
  expect(laddersFor(policy, event('input')).map(({ id }) => id)).toEqual(['abuse', 'spam']);
  expect(laddersFor(policy, event('tool_call')).map(({ id }) => id)).toEqual(['abuse', 'spam']);
  expect(laddersFor(policy, event('output'))).toEqual([]);
  expect(limitsFor(policy, event('input')).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(limitsFor(policy, event('tool_call')).map(({ id }) => id)).toEqual(['b']);
  expect(limitsFor(policy, event('retrieval'))).toEqual([]);
});

test('only the limits that are meant for the event are charged', async () => {
  const limits = ['refund', 'mail'].map((tool) => ({
    id: tool,
    on: 'tool_call' as const,
    tool,
    allow: 1,
    per: '1m' as const,
  }));
  const all = { id: 'all', on: 'tool_call', allow: 1, per: '1m' } as const;
  const some = await compilePolicy({ policy: 'p', version: 1, limits: [all, ...limits] }, []);
  const call = { ...event('tool_call'), resource: { tool: 'mail' } };
  expect(limitsFor(some, call).map(({ id }) => id)).toEqual(['all', 'mail']);
});

describe('a policy that is rolled out to some', () => {
  test.each<readonly [when: string, user: string, mode: Mode]>([
    ['subject.user == "ann"', 'ann', 'enforce'],
    ['subject.user == "ann"', 'bob', 'shadow'],
    // Whether somebody is in it cannot be said: of the two modes the one that stops more.
    ['attributes.beta == true', 'ann', 'enforce'],
  ])('where `%s`, is for %s in mode %s', async (when, user, mode) => {
    const share = { cohort: when, rest: 'shadow' } as const;
    const some = await compilePolicy({ policy: 'p', version: 1, share }, []);
    expect(resolveMode(some, { ...event(), subject: { tenant: 'acme', user } }, []).mode).toBe(mode);
  });

  test('may be the less strict one for those it is for', async () => {
    const share = { cohort: 'attributes.beta == true', rest: 'enforce' } as const;
    const some = await compilePolicy({ policy: 'p', version: 1, mode: 'shadow', share }, []);
    expect(resolveMode(some, event(), []).mode).toBe('enforce');
  });
});
