import type { GovernorOptions, Sink } from '@flyball/core';

const NO_SINK: Sink = { name: 'none', offersDurable: true, accept() {} };

/** Keeps nothing: whether a policy loads does not depend on where its records will go, and under which key. */
export const NOTHING_KEPT: Pick<GovernorOptions, 'audit' | 'contentKey'> = {
  audit: NO_SINK,
  contentKey: '0'.repeat(64),
};
