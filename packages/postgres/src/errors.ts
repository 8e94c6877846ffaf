import { StoreError } from '@flyball/core/store';

/** What the codes of this package mean; `docs/reference/errors.md` says what to do about each. */
export type PostgresErrorCode =
  | 'POSTGRES_GONE'
  | 'POSTGRES_READ_ONLY'
  | 'POSTGRES_FULL'
  | 'POSTGRES_REFUSED'
  | 'POSTGRES_TABLES'
  | 'POSTGRES_OPTIONS'
  | 'POSTGRES_ERROR';

type Known = readonly [code: PostgresErrorCode, failure: StoreError['failure'], states: RegExp, message: string];

// By SQLSTATE: messages are in the server's language.
const KNOWN: readonly Known[] = [
  ['POSTGRES_READ_ONLY', 'UNAVAILABLE', /^25006$/, 'postgres is a read-only replica; connect to the primary'],
  ['POSTGRES_FULL', 'UNAVAILABLE', /^53/, 'postgres has no connections, memory or disk left for this'],
  [
    'POSTGRES_REFUSED',
    'UNAVAILABLE',
    /^(28|3D000|42501)/,
    'postgres refuses this user; see the permissions the store needs',
  ],
  [
    'POSTGRES_TABLES',
    'UNAVAILABLE',
    /^(42P01|3F000|42703)$/,
    'the tables of the store are missing; run `postgresTables()` on the database',
  ],
  [
    'POSTGRES_GONE',
    'UNAVAILABLE',
    /^(08|57P|ECONN|EPIPE|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH)/,
    'the connection to postgres is gone',
  ],
];

const WITHOUT_STATE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered|not queryable|pool after calling end/i;

/** The error of `pg` as the governor's failure handling understands it, the original as its cause. */
export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const { code, message } = describe(cause);
  for (const [known, failure, states, says] of KNOWN) {
    if (states.test(code)) return new StoreError(known, `${says} (${message})`, { failure, cause });
  }
  if (WITHOUT_STATE.test(message)) return gone(cause);
  return new StoreError('POSTGRES_ERROR', `postgres answered with an error: ${message}`, { failure: 'THREW', cause });
}

/** A table is there and empty that is never empty: somebody has truncated it. */
export function emptied(table: string): StoreError {
  return new StoreError(
    'POSTGRES_TABLES',
    `the table \`${table}\` of the store was emptied; run \`postgresTables()\` on the database`,
    { failure: 'UNAVAILABLE' },
  );
}

export function gone(cause?: unknown): StoreError {
  const because = cause === undefined ? '' : ` (${describe(cause).message})`;
  return new StoreError('POSTGRES_GONE', `the connection to postgres is gone${because}`, {
    failure: 'UNAVAILABLE',
    cause,
  });
}

/** Of several addresses that were tried, `pg` reports the errors as one that has no text. */
function describe(cause: unknown): { readonly code: string; readonly message: string } {
  const one: unknown = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  const code = typeof one === 'object' && one !== null && 'code' in one ? String(one.code) : '';
  return { code, message: one instanceof Error ? one.message : String(one) };
}
