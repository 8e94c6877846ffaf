// For authors of stores: the promises that every store keeps. Published as `@flyball/testing/store-suite`.
import type { MaybePromise } from '@flyball/core/store';
import { changeCases } from './store-cases/changes.ts';
import { clockCases } from './store-cases/clock.ts';
import { controlCases } from './store-cases/controls.ts';
import { deletionCases } from './store-cases/deletion.ts';
import { floodCases } from './store-cases/floods.ts';
import { labelCases } from './store-cases/labels.ts';
import { limitCases } from './store-cases/limits.ts';
import { operatorCases } from './store-cases/operator.ts';
import { reservationCases } from './store-cases/reservations.ts';
import { rollbackCases } from './store-cases/rollback.ts';
import { strikeCases } from './store-cases/strikes.ts';
import { textCases } from './store-cases/texts.ts';
import { unacknowledgedCases } from './store-cases/unacknowledged.ts';
import type { StoreHarness, StoreSuite } from './store-harness.ts';
import type { TestTools } from './test-tools.ts';

export type { StoreHarness, StoreSuite } from './store-harness.ts';
export type { TestTools } from './test-tools.ts';

const GROUPS: { readonly [name: string]: (suite: StoreSuite) => void } = {
  limits: limitCases,
  reservations: reservationCases,
  strikes: strikeCases,
  labels: labelCases,
  controls: controlCases,
  changes: changeCases,
  "an operator's hand": operatorCases,
  'coming back older': rollbackCases,
  'a clock that is set back': clockCases,
  'a flood': floodCases,
  'answers that never arrived': unacknowledgedCases,
  'what has ended': deletionCases,
  'what things are called': textCases,
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
