import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pattern, PatternContext } from '../contract/detector.ts';
import { compileWithContext } from './compile-with-context.ts';
import { withHeads } from './heads.ts';

const HEADS = ['k', 'k-', 'k-a', 'ka', 'b_', 'b_k', 'kk'];
const TOKEN = /(?<![a-z_-])[kb][a-z_-]{1,12}(?![a-z_-])/;

/** Whoever asks counts the times. `hinted`: what a context says of its heads is there. */
function patternsOf(heads: readonly (readonly string[] | undefined)[], hinted: boolean, asked: () => void): Pattern[] {
  return heads.map((own, index) => {
    const context: PatternContext = {
      before: 4,
      after: 0,
      accepts: (match) => {
        asked();
        return own === undefined ? match.length % 2 === 0 : own.some((head) => match.startsWith(head));
      },
    };
    return { type: `t${index}`, find: TOKEN, context: hinted ? withHeads(context, own) : context };
  });
}

async function found(patterns: readonly Pattern[], text: string): Promise<readonly unknown[]> {
  const set = await compileWithContext(patterns, { prewarm: false });
  const matches: unknown[] = [];
  const scan = set.open((pattern, start, end) => void matches.push([pattern, start, end]));
  scan.write(text);
  scan.end();
  return matches;
}

describe('contexts with heads', () => {
  it('count the same matches in the same order, and are asked about those that have a head of theirs', async () => {
    const lists = fc.array(fc.option(fc.subarray(HEADS, { minLength: 1 }), { nil: undefined }), {
      minLength: 1,
      maxLength: 6,
    });
    const texts = fc
      .array(fc.constantFrom('k', 'a', 'b', '_', '-', ' '), { minLength: 1, maxLength: 60 })
      .map((units) => `${units.join('')} k-ab b_ka`);
    await fc.assert(
      fc.asyncProperty(lists, texts, async (heads, text) => {
        let asked = 0;
        let askedAll = 0;
        const hinted = await found(
          patternsOf(heads, true, () => asked++),
          text,
        );
        const all = await found(
          patternsOf(heads, false, () => askedAll++),
          text,
        );
        expect(hinted).toEqual(all);
        expect(asked).toBe(heads.includes(undefined) ? asked : hinted.length);
        expect(asked).toBeLessThanOrEqual(askedAll);
      }),
      { numRuns: 60 },
    );
  });

  it('are asked without regard to heads where the pattern reads folded text', async () => {
    const context = withHeads({ before: 0, after: 0, accepts: (match) => match.startsWith('k') }, ['k']);
    const patterns: readonly Pattern[] = [{ type: 'folded', find: TOKEN, fold: true, context }];
    expect(await found(patterns, 'ｋey ⓚey')).toEqual([
      [0, 0, 3],
      [0, 4, 7],
    ]);
  });
});
