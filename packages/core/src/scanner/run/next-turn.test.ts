import { afterEach, expect, test, vi } from 'vitest';
import { nextTurn } from './next-turn.ts';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['there is none', undefined],
  [
    'the one that is there throws',
    () => {
      throw new Error('not supported in the Edge Runtime');
    },
  ],
])('a turn passes where %s', async (_where, setImmediate) => {
  vi.stubGlobal('setImmediate', setImmediate);
  const order: string[] = [];
  const turn = nextTurn().then(() => order.push('next'));
  await Promise.resolve();
  order.push('first');
  await turn;
  expect(order).toEqual(['first', 'next']);
});
