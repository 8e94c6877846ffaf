/** Methods of a response that the gate stands in front of. */
export const PATCHED = [
  'write',
  'end',
  'writeHead',
  'flushHeaders',
  'addTrailers',
  'setHeader',
  'setHeaders',
  'appendHeader',
  'removeHeader',
  'on',
  'addListener',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
] as const;
