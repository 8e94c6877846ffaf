/**
 * What `createPostgresSink` makes in its schema. Run it yourself where the sink's user may not. Repeating it changes
 * nothing.
 */
export function postgresAuditTables(schema = 'flyball_audit'): string {
  return `
create schema if not exists ${schema};
-- One row per start of a process that writes: a log of its own, with its own tree and numbers.
create table if not exists ${schema}.log (log text primary key, name text not null, vkey text not null, started_at bigint not null);
-- Text and not jsonb: jsonb has no place for U+0000 and writes keys in another order, and then no commitment would hold.
create table if not exists ${schema}.record (
  log text not null, seq bigint not null, at bigint not null, kind text not null, audit_id text not null, outcome text, tenant text,
  user_id text, rule text, interaction text, commitment bytea not null, salt bytea, body text, primary key (log, seq, at)
) partition by range (at);
-- No record is refused because nobody made its month.
create table if not exists ${schema}.record_rest partition of ${schema}.record default;
create index if not exists record_audit_id on ${schema}.record (audit_id);
create index if not exists record_subject on ${schema}.record (tenant, user_id) where tenant is not null;
create index if not exists record_stopped on ${schema}.record (tenant, rule, at) where outcome in ('BLOCK', 'COOLDOWN');
create table if not exists ${schema}.checkpoint (log text not null, size bigint not null, note text not null, primary key (log, size));
create table if not exists ${schema}.hold (
  id bigint generated always as identity primary key, tenant text, user_id text, who text not null, why text not null, at bigint not null
);
`;
}

/** The table of the month that a time is in (UTC). */
export function monthOf(at: number): { readonly name: string; readonly from: number; readonly to: number } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const name = `record_${year}_${String(month + 1).padStart(2, '0')}`;
  return { name, from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

/** Makes the table of a month. Fails where records of the month are in the rest already: they stay there. */
export function monthTable(schema: string, at: number): string {
  const { name, from, to } = monthOf(at);
  return `create table if not exists ${schema}.${name} partition of ${schema}.record for values from (${from}) to (${to})`;
}
