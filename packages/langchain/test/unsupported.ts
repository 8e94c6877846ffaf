import type { Unsupported } from '@flyball/testing';

/** Cases of the conformance suite that this adapter does not pass, with what its users are told. */
export const UNSUPPORTED: Unsupported = {};
