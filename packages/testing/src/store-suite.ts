// For authors of stores: the promises that every store keeps. Published as `@flyball/testing/store-suite`.
import type { MaybePromise, Store } from '@flyball/core/store';
import { changeCases } from './store-cases/changes.ts';
import { controlCases } from './store-cases/controls.ts';
import { labelCases } from './store-cases/labels.ts';
import { limitCases } from './store-cases/limits.ts';
import { rollbackCases } from './store-cases/rollback.ts';
import { strikeCases } from './store-cases/strikes.ts';
import type { TestTools } from './test-tools.ts';

export type { TestTools } from './test-tools.ts';

/** Fresh, empty data that any number of handles share. */
export interface StoreHarness {
  /** Another handle on the same data, as another process would have it. A one-process store gives the same one. */
  open(): MaybePromise<Store>;
  /** Moves the store's clock on, or waits as long. */
  advance(ms: number): MaybePromise<void>;
  /**
   * Keeps what is stored now, and answers how to bring it back: as a server does that restarts from its last snapshot, or a replica that
   * missed what came after. Absent only where the data ends with its process.
   */
  snapshot?(): MaybePromise<() => MaybePromise<void>>;
  close(): MaybePromise<void>;
}

/** What a group of cases is registered with. */
export interface StoreSuite {
  /** One case, with a handle on data of its own. */
  readonly test: (sentence: string, body: (store: Store, harness: StoreHarness) => Promise<void>) => void;
  readonly expect: TestTools['expect'];
}

const GROUPS: { readonly [name: string]: (suite: StoreSuite) => void } = {
  limits: limitCases,
  strikes: strikeCases,
  labels: labelCases,
  controls: controlCases,
  changes: changeCases,
  'coming back older': rollbackCases,
};

/**
 * Registers a test for each promise. Call it in a test file with the framework's own functions.
 *
 *     describeStore('my store', () => ({ open: openStore, advance, close }), { describe, it, expect });
 */
export function describeStore(name: string, make: () => MaybePromise<StoreHarness>, tools: TestTools): void {
  const { describe, it, expect } = tools;
  const test: StoreSuite['test'] = (sentence, body) => {
    it(sentence, async () => {
      const harness = await make();
      try {
        await body(await harness.open(), harness);
      } finally {
        await harness.close();
      }
    });
  };
  for (const [group, register] of Object.entries(GROUPS)) {
    describe(`${name}: ${group}`, () => register({ test, expect }));
  }
}
