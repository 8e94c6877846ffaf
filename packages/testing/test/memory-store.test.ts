import { createMemoryStore } from '@flyball/core/store';
import { describe, expect, it } from 'vitest';
import { describeStore } from '../src/store-suite.ts';

describeStore(
  'memory store',
  () => {
    let time = 1_795_300_000_000;
    const store = createMemoryStore({ now: () => time });
    return { open: () => store, advance: (ms) => void (time += ms), close: () => store.close() };
  },
  { describe, it, expect },
);
