import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { DetectorInput } from '../contract/detector.ts';
import { createGovernor } from '../governor.ts';
import type { Governor } from './api.ts';

// What an operator sets while an event waits for a detector.

const BY = { who: 'op', why: 'test' };

/** The decision on an event that is judged while `meanwhile` happens, and what was told to have failed. */
async function decidedWhile(stage: 'input' | 'output', meanwhile: (governor: Governor) => Promise<unknown>) {
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const signals: AbortSignal[] = [];
  const detect = vi.fn(async ({ signal }: DetectorInput) => {
    signals.push(signal);
    await answered;
    return [];
  });
  const governor = await createGovernor({
    detectors: [{ id: 'own', version: '1', types: ['own'], detect }],
    policy: {
      policy: 'p',
      version: 1,
      deadline: '60s',
      rules: [{ id: 'own', on: ['input', 'output'], detect: 'own', then: 'block', reason: 'P_OWN' }],
    },
  });
  const failures: string[] = [];
  governor.events.subscribe((event) => void (event.kind === 'failure' && failures.push(event.message)));
  const event = governor.interaction({ tenant: 't', user: 'u' }).event({ stage, content: 'hello' });
  const decided = governor.decide(event);
  await vi.waitFor(() => expect(detect).toHaveBeenCalledTimes(1));
  await meanwhile(governor);
  const isCancelled = signals[0]!.aborted;
  answer();
  const { outcome, reason, mode } = await decided;
  await governor.close();
  return { decided: [outcome, reason, mode], failures, isCancelled };
}

const CASES = {
  nothing: [() => Promise.resolve(), ['ALLOW', 'NO_RULE_OBJECTED', 'enforce']],
  'D6: a halt': [(governor) => governor.control.halt({ tenant: 't' }, BY), ['BLOCK', 'HALTED', 'enforce']],
  'D6: a halt, and a mode before it': [
    async ({ control }) => {
      await control.setMode({ tenant: 't' }, 'shadow', BY);
      await control.halt({}, BY);
    },
    ['BLOCK', 'HALTED', 'enforce'],
  ],
  'a halt of another tenant': [
    (governor) => governor.control.halt({ tenant: 'v' }, BY),
    ['ALLOW', 'NO_RULE_OBJECTED', 'enforce'],
  ],
  'another mode, which is that of the next event': [
    (governor) => governor.control.setMode({ tenant: 't' }, 'shadow', BY),
    ['ALLOW', 'NO_RULE_OBJECTED', 'enforce'],
  ],
} satisfies { readonly [what: string]: readonly [(governor: Governor) => Promise<unknown>, readonly string[]] };

test.each(
  (['input', 'output'] as const).flatMap((stage) =>
    Object.entries(CASES).map(([what, [meanwhile, then]]) => ({ stage, what, meanwhile, then })),
  ),
)('$what while an $stage is judged', async ({ stage, meanwhile, then }) => {
  const { decided, failures, isCancelled } = await decidedWhile(stage, meanwhile);
  expect(decided).toEqual(then);
  expect(isCancelled).toBe(then[1] === 'HALTED');
  // A detector that is no longer waited for has not failed, and neither has one that has answered.
  expect(failures).toEqual([]);
});

test.each(['input', 'output'] as const)(
  'an interaction whose halt was lifted again is judged as before, and leaves nobody listening: %s',
  async (stage) => {
    let asked = 0;
    const detect = async (): Promise<[]> => {
      asked++;
      await Promise.resolve();
      return [];
    };
    const governor = await createGovernor({
      detectors: [{ id: 'own', version: '1', types: ['own'], detect }],
      policy: {
        policy: 'p',
        version: 1,
        rules: [{ id: 'own', on: ['input', 'output'], detect: 'own', then: 'block', reason: 'P_OWN' }],
      },
    });
    const interaction = governor.interaction({ tenant: 't' });
    const decide = async (content: string): Promise<string> =>
      (await governor.decide(interaction.event({ stage, content }))).reason;
    expect(await decide('one')).toBe('NO_RULE_OBJECTED');
    expect(getEventListeners(interaction.signal, 'abort')).toEqual([]);
    await governor.control.halt({ tenant: 't' }, BY);
    expect([await decide('two'), interaction.signal.aborted]).toEqual(['HALTED', true]);
    await governor.control.resume({ tenant: 't' }, BY);
    expect([await decide('three'), asked]).toEqual(['NO_RULE_OBJECTED', 2]);
    await governor.close();
  },
);
