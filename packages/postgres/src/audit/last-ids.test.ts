import { expect, it } from 'vitest';
import { lastIds } from './last-ids.ts';

it('the last so many ids are known, and no more than twice as many are kept', () => {
  const ids = lastIds(100);
  for (let i = 0; i < 1000; i++) {
    ids.add(`id ${i}`);
    for (const back of [0, 50, 99]) expect(ids.has(`id ${i - back}`)).toBe(i >= back);
    expect(ids.has(`id ${i - 200}`)).toBe(false);
  }
});
