import { describe, expect, it } from 'vitest';
import { heldUnits } from './held.ts';

describe('what the page shows as held', () => {
  it.each([
    ['The key is sk-pr', 'The key is ', 5],
    ['The key is ', 'The key is ', 0],
    ['Write to ada@x.example, or call', 'Write to [EMAIL], or ', 4],
    ['Write to ada@x.example', 'Write to [EMAIL]', 0],
    ['a@b.example and c@d.example or', '[EMAIL] and [EMAIL] o', 1],
    ['nothing has left', '', 16],
    ['', '', 0],
  ])('of %j, when %j has left, is %i', (written, released, held) => {
    expect(heldUnits(written, released)).toBe(held);
  });
});
