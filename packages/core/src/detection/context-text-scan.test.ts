import { expect, it } from 'vitest';
import type { Pattern } from '../contract/detector.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';
import { compileWithContext } from './compile-with-context.ts';

it('G7: what asking costs ends a stretch, too: every few units of a text may be a candidate', async () => {
  let asked = 0;
  const accepts = (): boolean => {
    asked++;
    return false;
  };
  const patterns = Array.from({ length: 40 }, (): Pattern => ({
    type: 'number',
    find: /(?<!\d)\d{4}(?!\d)/,
    context: { before: 8, after: 8, accepts },
  }));
  const set = await compileWithContext(patterns);
  const text = '1234 '.repeat(4000);
  const scan = set.openTexts(() => undefined);
  let longest = 0;
  for (let isRead = false; !isRead;) {
    const before = scan.work;
    isRead = scan.read(text, SLICE_WORK);
    longest = Math.max(longest, scan.work - before);
  }
  expect(asked).toBe(40 * 4000);
  // As many candidates as the scanner finds before the budget is looked at once more.
  expect(longest).toBeLessThan(3 * SLICE_WORK);
});
