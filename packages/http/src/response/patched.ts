/** Methods that the gate stands in front of from the beginning: nothing of a body can leave without one of them. */
export const FIRST = ['write', 'end', 'writeHead', 'flushHeaders', 'addTrailers'] as const;

/**
 * Methods that it stands in front of as well once something is held: the head was sent, as far as the application can
 * tell.
 */
export const HEAD = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader'] as const;

/** Methods that carry `drain`, where something in front of the gate does so too. */
export const LISTENING = [
  'on',
  'addListener',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
] as const;

/** All of them. */
export const PATCHED: readonly string[] = [...FIRST, ...HEAD, ...LISTENING];
