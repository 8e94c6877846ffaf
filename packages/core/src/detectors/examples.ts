import type { Pack } from '@flyball/detectors';

/**
 * Looks at every example of a pack: each recogniser alone must find exactly what its `finds` mark, and nothing in its
 * `ignores`. Answers one line for each that is not so; none means that the pack does what it says. For tests: it
 * compiles every recogniser.
 *
 *     expect(await checkExamples(acme)).toEqual([]);
 */
export async function checkExamples(pack: Pack): Promise<readonly string[]> {
  const { examplesGoneWrong } = await import('./check-examples.ts');
  return examplesGoneWrong(pack);
}
