import type { MaybePromise, Store } from '@flyball/core/store';
import type { TestTools } from './test-tools.ts';

/** Fresh, empty data that any number of handles share. */
export interface StoreHarness {
  /** Another handle on the same data, as another process would have it. A one-process store gives the same one. */
  open(): MaybePromise<Store>;
  /** Moves the store's clock on, or waits as long. */
  advance(ms: number): MaybePromise<void>;
  /**
   * Keeps what is stored now, and answers how to bring it back: as a server does that restarts from its last snapshot,
   * or a replica that missed what came after. Absent only where the data ends with its process.
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
