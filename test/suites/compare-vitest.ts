import { relative } from 'node:path';
import type { Outcomes } from './compare.ts';

/** What `vitest --reporter json` writes, as far as it is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export interface Differing {
  readonly title: string;
  readonly was: string;
  readonly is: string;
}

/** Test titles, with their files, and how each ended: of a failure all that it says. */
export function outcomesOfVitest({ testResults }: VitestReport, folder: string): Outcomes {
  const outcomes = new Map<string, string>();
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(folder, name);
    // A file that does not load has no tests to tell of.
    if (assertionResults.length === 0 && status === 'failed') outcomes.set(file, `fails: ${message}`);
    for (const { fullName, status, failureMessages = [] } of assertionResults) {
      const wanted = `${file} > ${fullName}`;
      let title = wanted;
      for (let n = 2; outcomes.has(title); n++) title = `${wanted} (${n})`;
      const failed = `fails: ${failureMessages.join('\n')}`;
      outcomes.set(title, status === 'passed' ? 'passes' : status === 'failed' ? failed : 'is skipped');
    }
  }
  return outcomes;
}

/** Tests that pass bare and do not pass governed: whoever failed before says nothing about governance. */
export function differing(bare: Outcomes, governed: Outcomes): readonly Differing[] {
  return [...bare].flatMap(([title, was]) => {
    const is = governed.get(title) ?? 'is missing';
    return was === 'passes' && is !== 'passes' ? [{ title, was, is }] : [];
  });
}
