import type { Unsupported } from '@flyball/testing';

/** Cases of the conformance suite that this adapter does not pass, with what its users are told. */
export const UNSUPPORTED: Unsupported = Object.fromEntries(
  ['streamed', 'not streamed'].map((how) => [
    `a run keeps its place among those in flight while its tools run, ${how}`,
    'a place in an `in_flight` limit is held for each call of the model, not for the run: give an interaction, and end it with the run',
  ]),
);
