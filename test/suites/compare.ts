/** Test titles and how each ended. */
export type Outcomes = ReadonlyMap<string, string>;

export interface MochaReport {
  readonly passes: readonly MochaTest[];
  readonly failures: readonly MochaTest[];
  readonly pending: readonly MochaTest[];
}

interface MochaTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}

export function outcomesOf({ passes, failures, pending }: MochaReport): Outcomes {
  const outcomes = new Map<string, string>();
  const note = (test: MochaTest, outcome: string): void => {
    // Some suites use a title twice.
    let title = test.fullTitle;
    for (let n = 2; outcomes.has(title); n++) title = `${test.fullTitle} (${n})`;
    outcomes.set(title, outcome);
  };
  for (const test of passes) note(test, 'passes');
  for (const test of failures) note(test, `fails: ${String(test.err.message).split('\n')[0]}`);
  for (const test of pending) note(test, 'is skipped');
  return outcomes;
}

export interface Difference {
  readonly title: string;
  readonly was: string;
  readonly is: string;
}

/** Tests that end otherwise than bare; whether one passes counts, not the words of its failure. */
export function differences(bare: Outcomes, governed: Outcomes): readonly Difference[] {
  const titles = new Set([...bare.keys(), ...governed.keys()]);
  return [...titles].flatMap((title) => {
    const [was, is] = [bare.get(title) ?? 'is missing', governed.get(title) ?? 'is missing'];
    return was.split(':')[0] === is.split(':')[0] ? [] : [{ title, was, is }];
  });
}

/** Those of the first run that are there in the second one too: a busy machine fails a test once. */
export function inBoth(first: readonly Difference[], second: readonly Difference[]): readonly Difference[] {
  const titles = new Set(second.map(({ title }) => title));
  return first.filter(({ title }) => titles.has(title));
}
