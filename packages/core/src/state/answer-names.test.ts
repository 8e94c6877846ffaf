import { expect, test } from 'vitest';
import {
  amendedState,
  changes,
  changesMade,
  chargeAnswers,
  controlChange,
  labelNames,
  lookedAt,
  processesSeen,
  storeFill,
  storeWarning,
  strikeResults,
  syncAnswer,
} from './store-answers.ts';

const SYNC = { incarnation: 'one', epoch: 3, now: 5, full: true, controls: [], cooldowns: [] };
const LIMIT = { of: 'limit', remaining: 3, resetMs: 10 };

// Who writes a store reads which of its calls answered what.
test.each<readonly [check: () => unknown, call: string, shown: string]>([
  [() => chargeAnswers(null, 1), 'charge', 'null'],
  [() => chargeAnswers([], 1), 'charge', 'a list of 0'],
  [() => strikeResults([5], 1), 'strike', 'a list of 1'],
  [() => labelNames('a'), 'labels', 'string'],
  [() => controlChange(7), 'control', 'number'],
  [() => changes({}), 'history', 'object'],
  [() => changesMade([], 1), 'setAll', 'a list of 0'],
  [() => syncAnswer(undefined), 'sync', 'undefined'],
  [() => syncAnswer({}), 'sync', 'object'],
  [() => syncAnswer({ ...SYNC, controls: [1] }), 'sync', 'a list of 1'],
  [() => syncAnswer({ ...SYNC, changes: [1, 2] }), 'sync', 'a list of 2'],
  [() => syncAnswer({ ...SYNC, cooldowns: 'none' }), 'sync', 'string'],
  [() => lookedAt(true, []), 'look', 'boolean'],
  [() => lookedAt([LIMIT], [{ of: 'ladder' }]), 'look', 'a list of 1'],
  [() => amendedState('a'), 'amend', 'string'],
  [() => processesSeen([null]), 'processes', 'a list of 1'],
  [() => storeFill(3), 'fill', 'number'],
  [() => storeWarning(3), 'warning', 'number'],
])('a store that answers nonsense is told which call it was: %#', (check, call, shown) => {
  expect(check).toThrow(`the store answered \`${call}\` with ${shown}, which the interface does not allow`);
});
