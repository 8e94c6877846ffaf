import { createHash } from 'node:crypto';
import { CONTROLS } from './lua/controls.ts';
import { LABELS } from './lua/labels.ts';
import { LADDERS } from './lua/ladders.ts';
import { LIMITS } from './lua/limits.ts';
import { OPERATOR } from './lua/operator.ts';
import { SHARED } from './lua/shared.ts';
import { SUMS } from './lua/sums.ts';

/** The operations of the library, and whether they may run when the server is out of memory. */
const FUNCTIONS = {
  charge: 'deny-oom',
  report: 'deny-oom',
  release: 'allow-oom',
  strike: 'deny-oom',
  cooled: 'allow-oom',
  label: 'deny-oom',
  labelled: 'allow-oom',
  look: 'allow-oom',
  amend: 'allow-oom',
  forget: 'allow-oom',
  // INVARIANT: a halt is as small as it is urgent; a server full of counters must still take it and hand it on.
  control: 'allow-oom',
  set_all: 'deny-oom',
  sync: 'allow-oom',
  history: 'allow-oom',
  processes: 'allow-oom',
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

const BODY = SHARED + SUMS + LIMITS + LADDERS + LABELS + OPERATOR + CONTROLS;
const names = Object.keys(FUNCTIONS) as FunctionName[];

/** Named by its text: processes of two versions share a server without replacing each other's functions. */
const VERSION: string = createHash('sha256').update(BODY).digest('hex').slice(0, 10);

const FUNCTION_NAMES = Object.fromEntries(names.map((name) => [name, `flyball_${VERSION}_${name}`])) as Readonly<
  Record<FunctionName, string>
>;

/** The library as `FUNCTION LOAD` takes it (Redis 7, Valkey). */
export const LIBRARY: string = [
  `#!lua name=flyball_${VERSION}`,
  BODY,
  ...names.map((name) => {
    const flags = FUNCTIONS[name] === 'allow-oom' ? `, flags = { 'allow-oom' }` : '';
    return `redis.register_function{ function_name = '${functionName(name)}', callback = ${name}${flags} }`;
  }),
].join('\n');

export function functionName(name: FunctionName): string {
  return FUNCTION_NAMES[name];
}

/** One operation as a script, for servers and proxies without functions. */
export const SCRIPTS: { readonly [N in FunctionName]: { readonly text: string; readonly sha: string } } = Object.freeze(
  Object.fromEntries(
    names.map((name) => {
      const text = `${BODY}\nreturn ${name}(KEYS, ARGV)`;
      return [name, { text, sha: createHash('sha1').update(text).digest('hex') }];
    }),
  ) as Record<FunctionName, { text: string; sha: string }>,
);
