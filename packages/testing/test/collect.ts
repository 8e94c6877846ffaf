import { isDeepStrictEqual } from 'node:util';
import { describeAdapter, type AdapterHarness, type SuiteOptions } from '../src/index.ts';

/** The least test framework there can be: it keeps the tests, so that their failing can be looked at. */
export function collect(
  harness: AdapterHarness,
  options: Omit<SuiteOptions, 'tools'> = {},
): ReadonlyMap<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  describeAdapter('an adapter', harness, {
    ...options,
    tools: {
      describe: (_name, body) => body(),
      it: (name, body) => void tests.set(name, body),
      expect: (actual) => ({
        toEqual(expected) {
          if (isDeepStrictEqual(actual, expected)) return;
          throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
        },
      }),
    },
  });
  return tests;
}
