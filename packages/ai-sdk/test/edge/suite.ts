import { createGovernor } from '@flyball/core';
import { describeAdapter, type SuiteOptions } from '@flyball/testing';
import { harness } from '../conformance-harness.ts';
import { UNSUPPORTED } from '../unsupported.ts';

// Bundled, and run inside an edge runtime: the whole conformance suite with the smallest test framework there can be.

/** How one case ended: `undefined` when it passed. */
export interface CaseResult {
  readonly name: string;
  readonly failure: string | undefined;
}

/** Runs every case of the suite in this runtime. */
export async function runSuite(): Promise<readonly CaseResult[]> {
  const cases: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  const tools: SuiteOptions['tools'] = {
    describe: (_name, body) => body(),
    it: (name, body) => void cases.push({ name, body }),
    expect: (actual) => ({
      toEqual: (expected) => {
        const [is, should] = [canonical(actual), canonical(expected)];
        if (is !== should) throw new Error(`is ${is}, should be ${should}`);
      },
    }),
  };
  describeAdapter('the AI SDK', harness, { tools, unsupported: UNSUPPORTED, timeoutMs: 20_000 });
  const results: CaseResult[] = [];
  for (const { name, body } of cases) {
    const failure = await body().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    results.push({ name, failure });
  }
  return results;
}

/** As test frameworks compare: by value, whatever the order of fields, without fields that are undefined. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** What an application is told that names a policy file where there are no files. */
export async function refusalOfFile(): Promise<string> {
  return createGovernor({ policy: { file: 'policy.yaml' } }).then(
    () => 'loaded',
    (error: Error & { code?: string }) => `${error.code}: ${(error.cause as Error).message}`,
  );
}
