import type { PolicyDocument } from '@flyball/core';
import { describe, expect, test } from 'vitest';
import {
  decideToolFailure,
  decideToolResult,
  decideToolYield,
  GovernanceBlockedError,
  toolDenial,
  toolRunOf,
} from '../src/index.ts';
import { DETECTORS, open } from './harness.ts';
import { UNREADABLE } from './odd-values.ts';

const POLICY: Partial<PolicyDocument> = {
  detectors: DETECTORS,
  rules: [
    { id: 'no', on: 'tool_result', detect: 'word', then: 'block', reason: 'P_WORD' },
    { id: 'mask', on: 'tool_result', detect: 'email', then: 'redact', reason: 'P_MAIL' },
  ],
};

test('a result passes as the tool gave it, goes on with masks in it, or is stopped', async () => {
  const { context } = await open(POLICY);
  const plain = { at: new Date(0) };
  const passed = await decideToolResult(context(), 't', plain);
  expect(passed.kind === 'passed' && passed.value === plain).toBe(true);
  expect(await decideToolResult(context(), 't', new Map([['to', 'a@b.com']]))).toMatchObject({
    kind: 'edited',
    value: new Map([['to', '[EMAIL]']]),
  });
  expect(await decideToolResult(context(), 't', ['TOPSECRET'])).toMatchObject({ kind: 'stopped' });
});

test('T3: what a tool yields passes as it was when it was decided on, whatever becomes of it', async () => {
  const { context } = await open(POLICY);
  const at = new Date(0);
  const bytes = new Uint8Array([1]);
  const said = ['one'];
  const yielded = { said, map: new Map([['a', said]]), set: new Set(['b']), at, bytes };
  const copied = await decideToolYield(context(), 't', yielded);
  said.push('TOPSECRET');
  yielded.map.set('c', ['TOPSECRET']);
  if (copied.kind !== 'passed') throw new Error(copied.kind);
  const value = copied.value as typeof yielded;
  expect(value).toEqual({ said: ['one'], map: new Map([['a', ['one']]]), set: new Set(['b']), at, bytes });
  expect([value.at === at, value.bytes === bytes]).toEqual([true, true]);
  expect(await decideToolYield(context(), 't', yielded)).toMatchObject({ kind: 'stopped' });
  // What cannot be copied is decided on as it is.
  const odd = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  expect(await decideToolYield(context(), 't', odd)).toMatchObject({ kind: 'stopped' });
  const circle: { self?: object } = {};
  circle.self = circle;
  expect(await decideToolYield(context(), 't', circle)).toMatchObject({ kind: 'stopped' });
  const named = await decideToolYield(context(), 't', JSON.parse('{"__proto__":{"a":1}}'));
  expect(named.kind === 'passed' && JSON.stringify(named.value)).toBe('{"__proto__":{"a":1}}');
});

test("E4: in shadow, and where nothing reads it, what a tool yields is the tool's own", async () => {
  for (const policy of [{ ...POLICY, mode: 'shadow' as const }, {}]) {
    const { context } = await open(policy);
    const output = { said: 'TOPSECRET' };
    const carried = await decideToolYield(context(), 't', output);
    expect(carried.kind === 'passed' && carried.value === output).toBe(true);
  }
});

test('a result that nothing governs is counted, and not looked at', async () => {
  const { context, recorded } = await open();
  const read = (): never => {
    throw new Error('looked at');
  };
  const output = { total: 1 };
  const carried = await decideToolResult(context(), 't', output, read);
  expect(carried.kind === 'passed' && carried.value === output).toBe(true);
  expect(recorded()).toEqual(['tool_result NO_OP NOT_GOVERNED']);
});

test('T4: a stopped result ends the run where the policy says so', async () => {
  const { context } = await open(POLICY);
  for (const onBlock of ['continue', 'stop'] as const) {
    const call = context(onBlock);
    await decideToolResult(call, 't', 'TOPSECRET');
    expect(toolRunOf(call.interaction).stopped?.reason).toBe(onBlock === 'stop' ? 'P_WORD' : undefined);
    const fine = context(onBlock);
    for (const output of ['fine', 'a@b.com']) await decideToolResult(fine, 't', output);
    expect(toolRunOf(fine.interaction).stopped).toBeUndefined();
  }
});

test('pictures in a result are addressed where they stand in it', async () => {
  const { context, governor } = await open({ ...POLICY, media: 'block' });
  const media: unknown[] = [];
  governor.events.subscribe((event) => void (event.kind === 'decision' && media.push(event.event.media)));
  const picture = { shown: [{ type: 'image', mediaType: 'image/png', data: 'A'.repeat(80) }] };
  const stopped = await decideToolResult(context(), 't', picture);
  expect(stopped).toMatchObject({ kind: 'stopped', decision: { reason: 'MEDIA_NOT_READ' } });
  expect(media).toEqual([['result.shown[0]']]);
});

test('what a tool fails with is its own error where it may be said, else one with other words, or the denial', async () => {
  const { context, recorded } = await open(POLICY);
  const own = new Error('no such order');
  expect(await decideToolFailure(context(), 't', own)).toBe(own);
  const masked = await decideToolFailure(context(), 't', new Error('a@b.com is not known'));
  expect(masked).toMatchObject({ message: '[EMAIL] is not known' });
  const denial = await decideToolFailure(context(), 't', new Error('it is TOPSECRET'));
  expect(GovernanceBlockedError.isInstance(denial)).toBe(true);
  // A denial has been decided on.
  const before = recorded();
  expect(await decideToolFailure(context(), 't', denial)).toBe(denial);
  expect(recorded()).toEqual(before);
  expect(await decideToolFailure(context(), 't', 'a@b.com')).toMatchObject({ message: '[EMAIL]' });
  // Nothing of what was thrown reads as a message.
  expect(await decideToolFailure(context(), 't', { to: 'a@b.com', message: 5 })).toMatchObject({
    message: 'the tool failed',
  });
});

test('T4: a denial of a tool is worded for the model, and one that nobody remembers denies all the same', async () => {
  const { context } = await open(POLICY);
  const { decision } = await decideToolResult(context(), 't', 'TOPSECRET');
  expect(toolDenial(decision, 'call').message).toBe(
    'The call was not run: it was stopped by policy (P_WORD). The same call will be stopped again.',
  );
  expect(toolDenial(decision, 'result').message).toBe(
    'The call was made, but its result is withheld: it was stopped by policy (P_WORD).',
  );
  expect(await decideToolFailure(context(), 't', new Error('TOPSECRET'))).toMatchObject({
    message: 'The call was made, but its result is withheld: it was stopped by policy (P_WORD).',
  });
  const unknown = toolDenial(undefined, 'call');
  expect([GovernanceBlockedError.isInstance(unknown), unknown.message]).toEqual([
    false,
    'the arguments of this call were withheld by policy',
  ]);
});

test('T4: what a tool fails with ends the run, too, where `onBlock` says so', async () => {
  const { context } = await open(POLICY);
  const call = context('stop');
  await decideToolFailure(call, 't', new Error('it is TOPSECRET'));
  expect(toolRunOf(call.interaction).stopped?.reason).toBe('P_WORD');
});

describe.each(Object.entries(UNREADABLE))('a result with %s in it', (_what, { make, unreadable = [] }) => {
  test.each([
    ['block', 'stopped', 'tool_result BLOCK FAILED_CLOSED'],
    ['no_op', 'passed', 'tool_result NO_OP FAILED_OPEN'],
  ] as const)('is decided by `onError: %s`', async (onError, kind, record) => {
    const { context, recorded } = await open({ ...POLICY, onError });
    const carried = await decideToolResult(context(), 't', make());
    expect([carried.kind, recorded()]).toEqual([kind, [record]]);
    expect(carried.decision.errors.map(({ part, code }) => `${part} ${code}`)).toEqual(
      unreadable.map(() => 'content UNREADABLE'),
    );
  });

  test.each(['shadow', 'off'] as const)('E4: passes in %s', async (mode) => {
    const { context } = await open({ ...POLICY, mode });
    const value = make();
    const carried = await decideToolResult(context(), 't', value);
    expect(carried.kind === 'passed' && carried.value === value).toBe(true);
  });

  test('passes where nothing governs results', async () => {
    const { context, recorded } = await open();
    expect((await decideToolResult(context(), 't', make())).kind).toBe('passed');
    expect(recorded()).toEqual(['tool_result NO_OP NOT_GOVERNED']);
  });
});
