/**
 * Where interceptors of ours stand around a handler, from the inside out. An interceptor of the application that stands
 * between two may call on again, to retry or to repeat: the outer one governs each time, and is never taken for one
 * that has nothing left to do.
 */
export const Reach = { Own: 1, Attached: 2, Global: 3 } as const;
export type Reach = (typeof Reach)[keyof typeof Reach];
