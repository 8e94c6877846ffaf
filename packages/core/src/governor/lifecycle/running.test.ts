import { describe, expect, it, vi } from 'vitest';
import type { Control, Scope } from '../../contract/control.ts';
import type { Subject, GovernedEvent } from '../../contract/event.ts';
import { createGovernor } from '../../governor.ts';
import type { GovernedGate } from '../governed-gate.ts';
import type { InteractionState } from '../interaction/interaction-state.ts';
import { coversSubject, createRunning } from './running.ts';

const halt = (scope: Scope): Control => ({ id: 'c', kind: 'halt', scope, who: 'ops', why: 'drill', at: 0 });

function gate(subject: Subject, model: string) {
  const event = { subject, resource: { model } } as GovernedEvent;
  return { event, halt: vi.fn<() => void>(), loseStore: vi.fn<(failure: unknown) => void>() };
}

const interaction = (subject: Subject) => ({ interaction: { subject }, halt: vi.fn<() => void>() });
const asGate = (fake: object): GovernedGate<unknown> => fake as unknown as GovernedGate<unknown>;
const asState = (fake: object): InteractionState => fake as unknown as InteractionState;

describe('what is going on', () => {
  it('D6: hears of the halts that cover it, and of no others', () => {
    const running = createRunning();
    const [one, other] = [gate({ tenant: 'a' }, 'm1'), gate({ tenant: 'b' }, 'm1')];
    for (const fake of [one, other]) running.gates.add(asGate(fake));
    const [near, far] = [interaction({ tenant: 'a' }), interaction({ tenant: 'b' })];
    for (const fake of [near, far]) running.listen(asState(fake));
    running.halt(halt({ tenant: 'a' }));
    expect([one, other, near, far].map((fake) => fake.halt.mock.calls.length)).toEqual([1, 0, 1, 0]);
    // A halt of a model concerns its streams, not a whole interaction.
    running.halt(halt({ model: 'm1' }));
    expect([one, other, near, far].map((fake) => fake.halt.mock.calls.length)).toEqual([2, 1, 1, 0]);
    running.halt(halt({}));
    expect([one, other, near, far].map((fake) => fake.halt.mock.calls.length)).toEqual([3, 2, 2, 1]);
    expect(coversSubject(halt({ tenant: 'a', model: 'm1' }), asState(near))).toBe(false);
  });

  it('S5: is told that the store was lost, each stream of it', () => {
    const running = createRunning();
    const fakes = [gate({ tenant: 'a' }, 'm'), gate({ tenant: 'b' }, 'm')];
    for (const fake of fakes) running.gates.add(asGate(fake));
    running.loseStore();
    for (const { loseStore } of fakes)
      expect(loseStore.mock.calls).toEqual([[{ part: 'store', id: 'controls', code: 'STALE' }]]);
    expect(running.closed).toBe(false);
  });
});

describe('S5: a stream whose store is lost', () => {
  const failure = { part: 'store', id: 'controls', code: 'STALE' } as const;

  it.each([
    ['enforce', 'block', 'stopped'],
    ['enforce', 'no_op', 'open'],
    ['shadow', 'block', 'open'],
  ] as const)('in mode %s under `onError: %s` is %s, and its decision says why', async (mode, onError, state) => {
    const governor = await createGovernor({
      policy: {
        policy: 'p',
        version: 1,
        mode,
        onError,
        detectors: [{ id: 'word', phrases: ['nightjar'] }],
        rules: [{ id: 'name', on: 'output', detect: 'word', then: 'redact', reason: 'P_NAME' }],
      },
    });
    const stream = await governor.openGate(governor.interaction({ tenant: 't' }).event({ stage: 'output' }));
    const gate = stream as unknown as GovernedGate<unknown>;
    gate.write('text', '', 'a night');
    gate.loseStore(failure);
    expect(gate.state).toBe(state);
    gate.loseStore(failure);
    const { pieces, decision } = await gate.end();
    expect(decision.errors).toEqual([failure]);
    if (state === 'stopped') {
      expect(pieces).toEqual([]);
      expect(decision).toMatchObject({ outcome: 'BLOCK', reason: 'FAILED_CLOSED' });
    }
    // Over is over: what comes later changes neither the decision nor how often there is one.
    gate.loseStore(failure);
    expect(governor.status().decisions[decision.outcome]).toBe(1);
    await governor.close();
  });
});
