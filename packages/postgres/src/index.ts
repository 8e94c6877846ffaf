// State shared by every process: a store for `createGovernor({ store })` on PostgreSQL.
export { createPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
export type { PostgresErrorCode } from './errors.ts';
export { postgresTables } from './tables.ts';
