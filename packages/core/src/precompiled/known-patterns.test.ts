import { describe, expect, it } from 'vitest';
import type { Pattern } from '../contract/detector.ts';
import type { CompileOptions } from '../scanner/build-plan.ts';
import { compilePatterns, readPatterns } from '../scanner/compile.ts';
import type { PatternSet } from '../scanner/types.ts';
import { readOf } from './format.ts';
import { KnownPatterns } from './known-patterns.ts';
import { readTrees, TreeWriter } from './trees.ts';

/** Compiled in the build, written and read again. `change` falsifies what was known of the patterns. */
async function before(
  patterns: readonly Pattern[],
  options: CompileOptions,
  change: (known: { readonly isClosed: boolean; readonly isApart: boolean }) => {
    readonly isClosed: boolean;
    readonly isApart: boolean;
  } = (known) => known,
): Promise<PatternSet> {
  const writer = new TreeWriter();
  const reads = (await readPatterns(patterns)).map(({ tree, ...known }) => {
    const { isClosed, isApart } = change(known);
    return readOf(writer.add(tree), isClosed, isApart);
  });
  const known = new KnownPatterns(readTrees(writer.table), undefined);
  known.learn(patterns, reads);
  return known.make(patterns, options);
}

/** What is held after each unit and where matches were reported, where the text before `given` was given up. */
function held(set: PatternSet, text: string, given: number): readonly unknown[] {
  const said: unknown[] = [];
  const scan = set.open((_, start, end, seen) => void said.push([start, end, seen]));
  for (const unit of text) {
    scan.write(unit);
    if (scan.position === given + 2) scan.dropBefore(given);
    said.push(scan.hold);
  }
  scan.end();
  return said;
}

describe('patterns that were compiled before', () => {
  // Somebody else may refuse its matches: text is held until no longer one can come.
  const refusable = { refusable: new Set([0]) };

  it.each([
    ['has one end', /TCK-\d{4}/],
    ['can go on behind its end', /TCK-\d{2,6}/],
  ])('G5: report and hold as they do now, where one %s', async (_, find) => {
    const patterns: readonly Pattern[] = [{ type: 'ticket', find, fold: false }];
    const run = (set: PatternSet): readonly unknown[] => held(set, 'a TCK-1234 b', 4);
    const now = run(await compilePatterns(patterns, refusable));
    expect(run(await before(patterns, refusable))).toEqual(now);
    // What is written of it matters: read wrongly, the matches are others.
    const falsified = await before(patterns, refusable, (known) => ({ ...known, isClosed: !known.isClosed }));
    expect(run(falsified)).not.toEqual(now);
  });

  it('have an automaton to themselves where they had one', async () => {
    const patterns: readonly Pattern[] = [
      { type: 'word', find: /secret/, fold: false },
      { type: 'run', find: /[a-f][0-9a-f]{60}!/, fold: false },
    ];
    const text = Array.from({ length: 3000 }, (_, at) => 'abcdef0123'[(at * 7 + (at >> 3)) % 10]).join('');
    const work = (set: PatternSet): number => {
      const scan = set.open(() => {});
      const start = scan.work;
      scan.write(text);
      return scan.work - start;
    };
    const now = work(await compilePatterns(patterns));
    expect(work(await before(patterns, {}))).toBe(now);
    expect(work(await before(patterns, {}, (known) => ({ ...known, isApart: false })))).not.toBe(now);
  });
});
