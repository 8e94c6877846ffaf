import type { Sink } from './sink.ts';

/** What a governor has that was given no sink: records are made, and nobody keeps them. */
export const NO_SINK: Sink = Object.freeze({ name: 'none', accept: () => undefined });
