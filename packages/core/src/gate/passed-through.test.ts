import { expect, test } from 'vitest';
import { PassedThrough } from './passed-through.ts';

test('text that passes says where in its block it stands, by channel and block, until the block ends', () => {
  const passed = new PassedThrough();
  const at = (channel: 'text' | 'reasoning', block: string, text: string): readonly number[] => {
    const { from, to, ...rest } = passed.piece(channel, block, text);
    expect(rest).toEqual({ kind: 'text', channel, block, text, edited: false });
    return [from, to];
  };
  // Nothing has passed yet.
  passed.endBlock('text', '1');
  expect([at('text', '1', 'abc'), at('text', '2', 'a'), at('text', '1', 'de')]).toEqual([
    [0, 3],
    [0, 1],
    [3, 5],
  ]);
  passed.endBlock('reasoning', '1');
  expect([at('reasoning', '1', 'ab'), at('text', '1', 'f')]).toEqual([
    [0, 2],
    [5, 6],
  ]);
  passed.endBlock('text', '1');
  expect([at('text', '1', 'ab'), at('text', '2', 'b'), at('reasoning', '1', 'c')]).toEqual([
    [0, 2],
    [1, 2],
    [2, 3],
  ]);
});
