import type { Sink } from '@flyball/core';

/** Keeps nothing: whether a policy loads does not depend on where its records will go. */
export const NO_SINK: Sink = { name: 'none', offersDurable: true, accept() {} };
