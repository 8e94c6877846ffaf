import type { PolicyDocument } from '@flyball/core';
import { describe, expect, test } from 'vitest';
import {
  beginMessage,
  decideArguments,
  decideToolCall,
  isWithheld,
  toolRunOf,
  type CallContext,
} from '../src/index.ts';
import { DETECTORS, open } from './harness.ts';

const CAP: Partial<PolicyDocument> = {
  rules: [{ id: 'cap', on: 'tool_call', when: 'tool.args.amount > 500', then: 'block', reason: 'P_CAP' }],
};
const REDACT: Partial<PolicyDocument> = {
  detectors: DETECTORS,
  rules: [{ id: 'mask', on: 'tool_call', detect: 'email', then: 'redact', editArgs: true, reason: 'P_MAIL' }],
};
const governed = (context: Awaited<ReturnType<typeof open>>['context'], tool = 'refund') => {
  const call = context();
  toolRunOf(call.interaction).tools.set(tool, async (input) => input);
  return call;
};

describe('a call that the model wrote', () => {
  test.each([
    ['as JSON text', { tool: 'refund', text: '{"amount":900}' }],
    ['as a value', { tool: 'refund', args: { amount: 900 } }],
  ])('T1: %s, it is withheld where its tool is governed, and ends the run where it is not', async (_how, call) => {
    const { context } = await open(CAP);
    const withheld = await decideToolCall(governed(context), call);
    expect([withheld.kind, withheld.kind === 'withheld' && isWithheld(withheld.standIn)]).toEqual(['withheld', true]);
    expect((await decideToolCall(context(), call)).kind).toBe('stop');
    expect((await decideToolCall(context('stop'), call)).kind).toBe('stop');
  });

  test('a name that was not offered is read as what the model wrote', async () => {
    const rules: PolicyDocument['rules'] = [
      { id: 'word', on: 'tool_call', detect: 'word', then: 'block', reason: 'P_WORD' },
      { id: 'mask', on: 'tool_call', detect: 'email', then: 'redact', editArgs: true, reason: 'P_MAIL' },
    ];
    const { context } = await open({ detectors: DETECTORS, rules });
    const call = { tool: 'TOPSECRET', text: '{"to":"me"}' };
    expect(await decideToolCall(context(), { ...call, isOffered: false })).toMatchObject({
      kind: 'stop',
      decision: { reason: 'P_WORD' },
    });
    // No mask can be written into a name.
    expect(await decideToolCall(context(), { tool: 'a@b.com', args: {}, isOffered: false })).toMatchObject({
      kind: 'stop',
      decision: { reason: 'EDIT_NOT_APPLICABLE' },
    });
    // The application's own words are not.
    expect((await decideToolCall(context(), { ...call, isOffered: true })).kind).toBe('passed');
    expect((await decideToolCall(governed(context, 'TOPSECRET'), { ...call, isOffered: false })).kind).toBe('passed');
    expect((await decideToolCall(context(), { ...call, tool: 'send', isOffered: false })).kind).toBe('passed');
  });

  test('T4: `onBlock: stop` ends the run although its tool is governed, and withholds nothing for it', async () => {
    const { context } = await open(CAP);
    const call = context('stop');
    toolRunOf(call.interaction).tools.set('refund', async (input) => input);
    expect((await decideToolCall(call, { tool: 'refund', args: { amount: 900 } })).kind).toBe('stop');
    expect(toolRunOf(call.interaction).withheld.size).toBe(0);
  });

  test('T1: a withheld call names its decision, which its tool can tell from others', async () => {
    const { context } = await open(CAP);
    const call = governed(context);
    const [first, second] = [
      await decideToolCall(call, { tool: 'refund', args: { amount: 900 } }),
      await decideToolCall(call, { tool: 'refund', args: { amount: 901 } }),
    ];
    const { withheld } = toolRunOf(call.interaction);
    for (const verdict of [first, second]) {
      if (verdict.kind !== 'withheld') throw new Error('not withheld');
      expect(withheld.get(verdict.standIn.auditId)).toBe(verdict.decision);
    }
    expect(withheld.size).toBe(2);
  });

  test('T1: without any argument text it is a call without arguments, and not one that cannot be read', async () => {
    const { context } = await open({
      rules: [{ id: 'none', on: 'tool_call', when: 'size(tool.args) == 0', then: 'block', reason: 'P_NONE' }],
    });
    for (const text of ['', '  ', '{}']) {
      expect(await decideToolCall(context(), { tool: 'refund', text })).toMatchObject({
        kind: 'stop',
        decision: { reason: 'P_NONE' },
      });
    }
    expect((await decideToolCall(context(), { tool: 'refund', text: '{"a":1}' })).kind).toBe('passed');
  });

  test('D6: that no rule would look at is stopped by a halt all the same', async () => {
    const { context, governor } = await open();
    await governor.control.halt({ tenant: 'acme' }, { who: 'ops', why: 'drill' });
    for (const call of [
      { tool: 'refund', text: '{}' },
      { tool: 'refund', args: {} },
    ]) {
      expect(await decideToolCall(context(), call)).toMatchObject({ kind: 'stop', decision: { reason: 'HALTED' } });
      expect((await decideToolCall(governed(context), call)).kind).toBe('withheld');
    }
    expect((await decideArguments(context(), 'refund', {})).kind).toBe('stopped');
  });

  test('D6: is stopped by a halt that comes just after nothing covered it', async () => {
    const { context, governor } = await open();
    await governor.control.halt({ tenant: 'acme' }, { who: 'ops', why: 'drill' });
    const before = { ...context(), covers: () => false };
    expect((await decideToolCall(before, { tool: 'refund', text: '{}' })).kind).toBe('stop');
    expect((await decideArguments(before, 'refund', {})).kind).toBe('stopped');
  });

  test.each([
    ['with its message', (call: CallContext) => decideToolCall(call, { tool: 'refund', args: { amount: 1 } })],
    ['ahead', (call: CallContext) => decideArguments(call, 'refund', { amount: 1 }, { id: 'c1', ahead: true })],
  ])('D6: that was allowed %s does not run when a halt came since', async (_when, allow) => {
    const { context, governor } = await open(CAP);
    for (const [scope, kind] of [
      [{ tool: 'other' }, 'passed'],
      [{ tool: 'refund' }, 'stopped'],
    ] as const) {
      const call = governed(context);
      expect((await allow(call)).kind).toBe('passed');
      await governor.control.halt(scope, { who: 'ops', why: 'drill' });
      const carried = await decideArguments(call, 'refund', { amount: 1 }, { id: 'c1', ahead: false });
      expect([carried.kind, carried.decision.reason]).toEqual([
        kind,
        kind === 'passed' ? 'NO_RULE_OBJECTED' : 'HALTED',
      ]);
      await governor.control.resume(scope, { who: 'ops', why: 'drill' });
    }
  });

  test.each(['off', 'shadow'] as const)(
    'E1: that was let go in %s is decided on when it is to run, once that enforces',
    async (mode) => {
      const { context, governor, recorded } = await open({ ...CAP, mode });
      const call = governed(context);
      expect((await decideToolCall(call, { tool: 'refund', args: { amount: 900 } })).kind).toBe('passed');
      if (mode === 'shadow') {
        expect((await decideArguments(call, 'refund', { amount: 900 })).kind).toBe('passed');
        expect(recorded()).toHaveLength(1);
      }
      await governor.control.setMode({}, 'enforce', { who: 'ops', why: 'drill' });
      expect((await decideArguments(call, 'refund', { amount: 900 })).kind).toBe('stopped');
    },
  );

  test('T2: a name that is written twice is read twice, and its escapes are read as what they stand for', async () => {
    const { context } = await open({
      detectors: DETECTORS,
      rules: [{ id: 'no', on: 'tool_call', detect: 'word', then: 'block', reason: 'P_WORD' }],
    });
    for (const text of ['{"a":"TOPSECRET","a":"fine"}', '{"a":"TOP\\u0053ECRET"}', 'no JSON, but TOPSECRET']) {
      expect(await decideToolCall(context(), { tool: 'send', text })).toMatchObject({
        kind: 'stop',
        decision: { reason: 'P_WORD' },
      });
    }
  });

  test('T2: where a schema changes what was written, both are read', async () => {
    const { context } = await open({
      detectors: DETECTORS,
      rules: [{ id: 'no', on: 'tool_call', detect: 'word', then: 'block', reason: 'P_WORD' }],
    });
    for (const [written, final] of [
      ['TOPSECRET', 'fine'],
      ['fine', 'TOPSECRET'],
    ] as const) {
      const call = context();
      toolRunOf(call.interaction).tools.set('send', async () => ({ body: final }));
      const verdict = await decideToolCall(call, { tool: 'send', text: JSON.stringify({ body: written }) });
      expect([verdict.kind, verdict.kind === 'withheld' && verdict.decision.reason]).toEqual(['withheld', 'P_WORD']);
    }
  });

  test('E2: what only a schema has put in cannot be edited, so the call is stopped', async () => {
    const { context } = await open(REDACT);
    const call = context();
    toolRunOf(call.interaction).tools.set('send', async () => ({ to: 'a@b.com' }));
    expect(await decideToolCall(call, { tool: 'send', text: '{"to":"me"}' })).toMatchObject({
      kind: 'withheld',
      decision: { reason: 'EDIT_NOT_APPLICABLE' },
    });
    expect((await decideArguments(call, 'send', { to: 'a@b.com' })).kind).toBe('stopped');
  });

  test('goes on edited in the form in which it was written', async () => {
    const { context } = await open(REDACT);
    const text = '{ "to": "a@b.com", "n": 1.0 }';
    expect(await decideToolCall(context(), { tool: 'send', text })).toEqual({
      kind: 'edited',
      text: '{ "to": "[EMAIL]", "n": 1.0 }',
      args: { to: '[EMAIL]', n: 1 },
    });
    expect(await decideToolCall(context(), { tool: 'send', args: { to: 'a@b.com' } })).toMatchObject({
      kind: 'edited',
      args: { to: '[EMAIL]' },
    });
  });

  test('E2: that is no JSON cannot go on edited, and is stopped', async () => {
    const { context } = await open(REDACT);
    for (const text of ['to a@b.com', '"a@b.com']) {
      expect(await decideToolCall(context(), { tool: 'send', text })).toMatchObject({
        kind: 'stop',
        decision: { reason: 'EDIT_NOT_APPLICABLE' },
      });
    }
  });

  test('that could not be read whole is never taken for another that reads alike', async () => {
    const { context, recorded } = await open({ ...CAP, onError: 'no_op' });
    const call = context();
    expect((await decideToolCall(call, { tool: 'refund', args: { amount: 1, run() {} } })).kind).toBe('passed');
    expect((await decideArguments(call, 'refund', { amount: 1 })).kind).toBe('passed');
    expect(recorded()).toHaveLength(2);
  });

  test('T2: is decided by the arguments that the tool will get, and remembered for exactly these', async () => {
    const { context, recorded } = await open(CAP);
    const call = context();
    toolRunOf(call.interaction).tools.set('refund', async () => ({ amount: 1 }));
    expect((await decideToolCall(call, { tool: 'refund', text: '{"amount":900}' })).kind).toBe('passed');
    expect((await decideArguments(call, 'refund', { amount: 1 })).kind).toBe('passed');
    expect(recorded()).toHaveLength(1);
    expect((await decideArguments(call, 'refund', { amount: 900 })).kind).toBe('stopped');
    // The next message is decided on the labels that it finds.
    beginMessage(call.interaction);
    await decideArguments(call, 'refund', { amount: 1 });
    expect(recorded()).toHaveLength(3);
  });
});

describe('arguments that a tool is about to get', () => {
  test('T1: what was stopped once is stopped each time it is tried', async () => {
    const { context } = await open(CAP);
    const call = context();
    for (let time = 0; time < 3; time++) {
      expect((await decideArguments(call, 'refund', { amount: 900 })).kind).toBe('stopped');
    }
  });

  test('T6: what was decided for one call holds for no other, whatever labels came in between', async () => {
    const { context, recorded } = await open({
      rules: [{ id: 'flow', on: 'tool_call', when: 'label("untrusted")', then: 'block', reason: 'P_FLOW' }],
    });
    const call = context();
    const args = { amount: 1 };
    expect((await decideArguments(call, 'refund', args, { id: '1', ahead: true })).kind).toBe('passed');
    expect((await decideArguments(call, 'refund', args, { id: '1', ahead: false })).kind).toBe('passed');
    expect(recorded()).toHaveLength(1);
    call.interaction.addLabels('untrusted');
    // Providers may give the next message's call the same id.
    expect((await decideArguments(call, 'refund', args, { id: '1', ahead: false })).kind).toBe('stopped');
    expect((await decideArguments(call, 'refund', args)).kind).toBe('stopped');
  });

  test('those that were asked about ahead are others when they have changed', async () => {
    const { context } = await open(CAP);
    const call = context();
    expect((await decideArguments(call, 'refund', { amount: 1 }, { id: '1', ahead: true })).kind).toBe('passed');
    expect((await decideArguments(call, 'refund', { amount: 900 }, { id: '1', ahead: false })).kind).toBe('stopped');
  });

  test('T1: what was stopped ahead is stopped when it runs, and counts for no other call', async () => {
    const { context, recorded } = await open(CAP);
    const call = context();
    expect((await decideArguments(call, 'refund', { amount: 900 }, { id: '1', ahead: true })).kind).toBe('stopped');
    expect((await decideArguments(call, 'refund', { amount: 900 }, { id: '1', ahead: false })).kind).toBe('stopped');
    expect((await decideArguments(call, 'refund', { amount: 900 }, { id: '2', ahead: false })).kind).toBe('stopped');
    expect(recorded()).toHaveLength(3);
  });

  test('T6: only what was asked ahead is remembered for a call: one that runs is decided each time', async () => {
    const { context } = await open({
      rules: [{ id: 'flow', on: 'tool_call', when: 'label("untrusted")', then: 'block', reason: 'P_FLOW' }],
    });
    const call = context();
    expect((await decideArguments(call, 'refund', { a: 1 }, { id: '1', ahead: false })).kind).toBe('passed');
    expect((await decideArguments(call, 'refund', { a: 1 })).kind).toBe('passed');
    call.interaction.addLabels('untrusted');
    expect((await decideArguments(call, 'refund', { a: 1 }, { id: '1', ahead: false })).kind).toBe('stopped');
    expect((await decideArguments(call, 'refund', { a: 1 }, { id: '1', ahead: true })).kind).toBe('stopped');
  });

  test('T6: what was asked ahead of an earlier message is asked again', async () => {
    const { context } = await open({
      rules: [{ id: 'flow', on: 'tool_call', when: 'label("untrusted")', then: 'block', reason: 'P_FLOW' }],
    });
    const call = context();
    await decideArguments(call, 'refund', { a: 1 }, { id: '1', ahead: true });
    call.interaction.addLabels('untrusted');
    beginMessage(call.interaction);
    expect((await decideArguments(call, 'refund', { a: 1 }, { id: '1', ahead: false })).kind).toBe('stopped');
  });

  test('of one tool are not those of another', async () => {
    const { context } = await open({
      rules: [{ id: 'pay', on: 'tool_call', when: 'tool.name == "pay"', then: 'block', reason: 'P_PAY' }],
    });
    const call = context();
    expect((await decideToolCall(call, { tool: 'look', args: { a: 1 } })).kind).toBe('passed');
    await decideArguments(call, 'look', { a: 1 }, { id: '1', ahead: true });
    expect((await decideArguments(call, 'pay', { a: 1 }, { id: '1', ahead: false })).kind).toBe('stopped');
  });

  test('E2: it is too late to edit them', async () => {
    const { context, recorded } = await open(REDACT);
    const call = context();
    for (let time = 0; time < 2; time++) {
      const carried = await decideArguments(call, 'send', { to: 'a@b.com' });
      expect([carried.kind, carried.decision.reason]).toEqual(['stopped', 'EDIT_NOT_APPLICABLE']);
    }
    expect(recorded().at(-1)).toBe('tool_call BLOCK EDIT_NOT_APPLICABLE');
  });

  test('those that cannot be read whole are never taken for others that read alike', async () => {
    const { context, recorded } = await open({ ...CAP, onError: 'no_op' });
    const call = context();
    expect((await decideArguments(call, 'refund', { amount: 1 })).kind).toBe('passed');
    await decideArguments(call, 'refund', { amount: 1, run: () => {} });
    await decideArguments(call, 'refund', { amount: 1, run: () => {} });
    expect(recorded()).toHaveLength(3);
  });

  test('that nothing governs are counted once for a message, and not looked at', async () => {
    const { context, recorded } = await open();
    const call = context();
    const looked = {
      get amount(): never {
        throw new Error('looked at');
      },
    };
    expect((await decideToolCall(call, { tool: 'refund', args: looked })).kind).toBe('passed');
    const carried = await decideArguments(call, 'refund', looked);
    expect(carried.kind === 'passed' && carried.value === looked).toBe(true);
    expect(recorded()).toEqual(['tool_call NO_OP NOT_GOVERNED']);
  });
});
