import { expect, test } from 'vitest';
import type { Signal } from '../contract/signal.ts';
import { expectRuling, MAIL } from '../../test/decision-case.ts';

const signalsOf = async (signals: readonly Signal[]): Promise<readonly Signal[]> => {
  const row = { name: 'signals', policy: {}, signals, expected: { is: 'NO_OP/NOT_GOVERNED', covered: false } };
  return (await expectRuling(row)).signals;
};

test('a frozen list of signals is taken as it is; any other is copied, so that its owner cannot change the ruling', async () => {
  const frozen = Object.freeze([Object.freeze({ ...MAIL })]);
  expect(await signalsOf(frozen)).toBe(frozen);

  const open = [{ ...MAIL }];
  const signals = await signalsOf(open);
  open.push(MAIL);
  expect(signals).toEqual([MAIL]);
});
