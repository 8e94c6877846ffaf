import { FlyballError, type Decision } from '@flyball/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  defaultRefusal,
  denialForModel,
  GovernanceBlockedError,
  refusalText,
  statusOf,
  summaryOf,
  WORDING_DEADLINE_MS,
} from '../src/index.ts';
import { open } from './harness.ts';

const decision = (parts: Partial<Decision> = {}): Decision =>
  ({
    outcome: 'BLOCK',
    reason: 'P_CODENAME',
    ruleId: 'no-codename',
    auditId: 'aud_1',
    interactionId: 'int_1',
    ...parts,
  }) as Decision;

test('E3, E5: who is stopped learns the reason and what kind of stop it is, and nothing of the rule', () => {
  const cases: readonly (readonly [Partial<Decision>, number, string])[] = [
    [{}, 403, 'This was stopped by policy.'],
    [
      { outcome: 'COOLDOWN', reason: 'COOLDOWN_ACTIVE', retryAfterMs: 1500 },
      429,
      'This was stopped for now. Please try again in 2 seconds.',
    ],
    [{ reason: 'HALTED' }, 403, 'This service was halted by its operator. Please try again later.'],
    [{ reason: 'FAILED_CLOSED' }, 503, 'This could not be checked, so it was stopped. Please try again later.'],
    // An answer that was cut because the governor closed: nothing was found in it.
    [{ outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' }, 503, 'This answer was cut short. Please try again later.'],
  ];
  for (const [parts, status, words] of cases) {
    expect([statusOf(decision(parts)), defaultRefusal(decision(parts))]).toEqual([status, words]);
  }
  expect(summaryOf(decision({ outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' }))).toMatchObject({
    outcome: 'BLOCK',
    reason: 'FAILED_CLOSED',
  });
  expect(JSON.stringify(summaryOf(decision()))).not.toContain('no-codename');
  const denials = [{}, { retryAfterMs: 500 }, { reason: 'HALTED' }] as const;
  expect(denials.map((parts) => denialForModel(summaryOf(decision(parts)), 'result'))).toEqual([
    'The call was made, but its result is withheld: it was stopped by policy (P_CODENAME).',
    'The call was made, but its result is withheld: it was stopped by policy (P_CODENAME). It may be tried again in 1 s.',
    'The call was made, but its result is withheld: the operator has halted it.',
  ]);
  expect(denials.map((parts) => denialForModel(summaryOf(decision(parts)), 'call'))).toEqual([
    'The call was not run: it was stopped by policy (P_CODENAME). The same call will be stopped again.',
    'The call was not run: it was stopped by policy (P_CODENAME). It may be tried again in 1 s.',
    'The call was not run: the operator has halted it.',
  ]);
});

describe('the wording of a refusal', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([
    ['is an application’s own', () => 'Sorry.', 'Sorry.', []],
    ['may have to be awaited', async () => 'Sorry.', 'Sorry.', []],
    ['may be absent', undefined, 'This was stopped by policy.', []],
    [
      'throws',
      () => {
        throw new Error('no');
      },
      'This was stopped by policy.',
      ['wording refusal THREW'],
    ],
    ['rejects', async () => Promise.reject(new Error('no')), 'This was stopped by policy.', ['wording refusal THREW']],
    ['answers no text', () => 42, 'This was stopped by policy.', ['wording refusal INVALID_ANSWER']],
    ['answers nothing', async () => undefined, 'This was stopped by policy.', ['wording refusal INVALID_ANSWER']],
  ])('%s', async (_how, wording, words, told) => {
    const { governor, failures } = await open();
    expect(await refusalText(governor, wording as never, decision())).toBe(words);
    expect(failures()).toEqual(told);
  });

  test('takes too long', async () => {
    const { governor, failures } = await open();
    vi.useFakeTimers();
    const words = refusalText(governor, async () => new Promise<string>(() => {}), decision());
    await vi.advanceTimersByTimeAsync(WORDING_DEADLINE_MS + 1);
    expect(await words).toBe('This was stopped by policy.');
    expect(failures()).toEqual(['wording refusal TIMEOUT']);
  });
});

describe('the error', () => {
  const error = new GovernanceBlockedError(decision());
  const wrapped = new Error('wrapped', { cause: new Error('twice', { cause: error }) });

  test('is one of Flyball’s, with a stable code', () => {
    expect([FlyballError.isInstance(error), error.code, error.name, error.status]).toEqual([
      true,
      'FLYBALL_BLOCKED',
      'GovernanceBlockedError',
      403,
    ]);
    expect(error).toBeInstanceOf(FlyballError);
    expect(JSON.stringify(error)).not.toContain('no-codename');
    expect(error.decision.ruleId).toBe('no-codename');
  });

  test('is recognised itself by `isInstance`, and behind causes by `find`', () => {
    expect(
      [error, wrapped, new FlyballError('OPTIONS_INVALID', 'x'), null, 'x'].map((value) =>
        GovernanceBlockedError.isInstance(value),
      ),
    ).toEqual([true, false, false, false, false]);
    expect([error, wrapped, new Error('x')].map((value) => GovernanceBlockedError.find(value))).toEqual([
      error,
      error,
      undefined,
    ]);
    const circular: { cause?: unknown } = {};
    circular.cause = circular;
    expect(GovernanceBlockedError.find(circular)).toBeUndefined();
  });

  test('says that an answer was cut where nothing was denied', () => {
    expect(new GovernanceBlockedError(decision({ outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED' })).message).toBe(
      'the answer was cut short because governance ended, see audit record `aud_1`',
    );
  });
});
