import type { Pattern } from '../contract/detector.ts';
import type { CompileOptions } from '../scanner/build-plan.ts';
import { compilePatterns } from '../scanner/compile.ts';
import type { PatternSet } from '../scanner/types.ts';
import { type SetMaker, withContext } from './context-set.ts';

const COMPILER: SetMaker = {
  make: compilePatterns,
  folding: async () => (await import('../scanner/unicode/folding.ts')).standardFolding(),
};

/** Compiles patterns, with or without contexts. Throws a `PatternError` as the scanner does. */
export function compileWithContext(patterns: readonly Pattern[], options: CompileOptions = {}): Promise<PatternSet> {
  return withContext(COMPILER, patterns, options);
}
