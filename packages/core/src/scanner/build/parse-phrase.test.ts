import { expect, it, vi } from 'vitest';
import { compilePatterns } from '../compile.ts';

vi.mock('refa', () => {
  throw new Error('the parser was loaded');
});

it('phrases do not load the parser of regular expressions', async () => {
  const set = await compilePatterns([{ type: 'test', find: { phrase: 'one two' } }]);
  expect(set.size).toBe(1);
  await expect(compilePatterns([{ type: 'test', find: /one/ }])).rejects.toThrow();
});
