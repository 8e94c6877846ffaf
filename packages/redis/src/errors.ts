import { StoreError } from '@flyball/core/store';

/** What the codes of this package mean; `docs/reference/store.md` says what to do about each. */
export type RedisErrorCode =
  | 'REDIS_GONE'
  | 'REDIS_READ_ONLY'
  | 'REDIS_OUT_OF_MEMORY'
  | 'REDIS_NOT_READY'
  | 'REDIS_REFUSED'
  | 'REDIS_TOO_OLD'
  | 'REDIS_WRONG_TYPE'
  | 'REDIS_OPTIONS'
  | 'REDIS_ERROR';

type Known = readonly [code: RedisErrorCode, failure: StoreError['failure'], pattern: RegExp, message: string];

const KNOWN: readonly Known[] = [
  [
    'REDIS_READ_ONLY',
    'UNAVAILABLE',
    /^READONLY|read only replica/,
    'redis is a read-only replica; connect to the primary',
  ],
  ['REDIS_OUT_OF_MEMORY', 'UNAVAILABLE', /\bOOM\b/, 'redis is out of memory; raise `maxmemory` or remove other data'],
  [
    'REDIS_WRONG_TYPE',
    'THREW',
    /WRONGTYPE/,
    'a key under our prefix holds another type; give the store a `prefix` of its own',
  ],
  [
    'REDIS_REFUSED',
    'UNAVAILABLE',
    /^(NOAUTH|WRONGPASS|NOPERM)/,
    'redis refuses this user; see the permissions the store needs',
  ],
  // What a function does inside the server: it concerns the one operation that needs it.
  [
    'REDIS_REFUSED',
    'THREW',
    /can't (run this command|publish to the channel|access (the channel|at least one of the keys))|can't run command with no permission/,
    'redis refuses this user a command or channel; see the permissions the store needs',
  ],
  [
    'REDIS_NOT_READY',
    'UNAVAILABLE',
    // A cluster that has lost a part of itself sends from one server to the next.
    /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|MOVED|ASK )|redirections.*(MOVED|ASK|TRYAGAIN|CLUSTERDOWN)/,
    'redis cannot serve this now',
  ],
  [
    'REDIS_TOO_OLD',
    'UNAVAILABLE',
    /after non deterministic commands|unknown command.*EVAL/i,
    'this redis is too old; the store needs Redis 5 or later, or Valkey',
  ],
  [
    'REDIS_GONE',
    'UNAVAILABLE',
    /Connection is closed|max retries per request|isn't writeable|ECONN|EPIPE|ENOTFOUND|socket|timed out|None of startup nodes|Cluster is(n't ready| disconnect)|Node is disconnected|refresh slots/i,
    'the connection to redis is gone',
  ],
];

/** The error of a redis client as the governor's failure handling understands it, the original as its cause. */
export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  // Scripts report the error of a command they called with a prefix of their own.
  const inner = text.replace(/^(ERR )?(Error running script.*?: )?/, '');
  for (const [code, failure, pattern, message] of KNOWN) {
    if (pattern.test(inner)) return new StoreError(code, `${message} (${text})`, { failure, cause });
  }
  return new StoreError('REDIS_ERROR', `redis answered with an error: ${text}`, { failure: 'THREW', cause });
}

/** Why there is no connection, as far as the last attempt to make one has told: a wrong password is said as such. */
export function gone(cause?: unknown): StoreError {
  if (!(cause instanceof Error))
    return new StoreError('REDIS_GONE', 'there is no connection to redis', { failure: 'UNAVAILABLE' });
  const known = toStoreError(cause);
  if (known.code === 'REDIS_REFUSED' || known.code === 'REDIS_READ_ONLY') return known;
  return new StoreError('REDIS_GONE', `there is no connection to redis (${cause.message})`, {
    failure: 'UNAVAILABLE',
    cause,
  });
}
