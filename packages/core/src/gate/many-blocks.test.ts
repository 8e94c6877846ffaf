import { expect, test } from 'vitest';
import { compilePatterns } from '../scanner/compile.ts';
import type { TextPlan } from '../detection/plan.ts';
import { Block } from './block.ts';
import { ChannelText } from './channel-text.ts';
import { Track, type TrackSink } from './track.ts';
import type { Piece } from './types.ts';

/** Blocks that a channel looks at while so many of them arrive behind a text that holds them all. */
async function looksAt(blocks: number): Promise<number> {
  const set = await compilePatterns([{ type: 'gap', find: /BEGIN[^]{0,9000}END/ }]);
  const plan: TextPlan = {
    voting: { set, patterns: [{ type: 'gap', score: 1, detector: 'gap', usedAs: 'gap' }] },
    listening: undefined,
    code: [],
  };
  const sink: TrackSink = {
    matched: () => false,
    found: () => undefined,
    failed: () => undefined,
    notAsked: () => undefined,
    advanced: () => undefined,
    holds: () => true,
    now: undefined,
    judgedBehind: () => undefined,
    runCode: () => Promise.reject(new Error('no code runs')),
  };
  let looks = 0;
  class Counted extends Block<never> {
    override release(...args: Parameters<Block<never>['release']>): void {
      looks++;
      super.release(...args);
    }
  }
  const text = new ChannelText<never>('text', new Track(plan, sink, true), {
    stopped: () => false,
    detectionsFor: () => [],
    opened: (block) => void Object.setPrototypeOf(block, Counted.prototype),
    pathOf: (_channel, id) => id,
  });
  const out: Piece<never>[] = [];
  for (let n = 0; n < blocks; n++) {
    const block = text.open(`${n}`);
    text.feed(block, n === 0 ? 'BEGIN ' : 'x', { left: Number.POSITIVE_INFINITY }, out);
    text.release(out);
    text.close(block);
    text.release(out);
  }
  expect(text.held).toBe(blocks + 5);
  text.end();
  text.release(out);
  expect(text.held).toBe(0);
  expect(out.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')).toBe(
    `BEGIN ${'x'.repeat(blocks - 1)}`,
  );
  return looks;
}

test('G7: blocks that wait are not looked at again for each that arrives', async () => {
  const [few, many] = [await looksAt(100), await looksAt(1000)];
  expect(few).toBeGreaterThanOrEqual(100);
  expect(many).toBeLessThanOrEqual(few * 10 + 10);
});
