// State shared by every process: a store for `createGovernor({ store })` on PostgreSQL.
export { createPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';
export type { PostgresErrorCode } from './errors.ts';
export { postgresTables } from './tables.ts';
export { createPostgresSink, type PostgresSink, type PostgresSinkOptions } from './audit/postgres-sink.ts';
export { exportPostgresLogs, type ExportedLog, type PostgresExportOptions } from './audit/export.ts';
export { postgresAuditTables } from './audit/tables.ts';
