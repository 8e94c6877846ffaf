/**
 * What `createPostgresStore` makes in its schema. Run it yourself where the store's user may not. Repeating it changes
 * nothing.
 */
export function postgresTables(schema = 'flyball'): string {
  return `
create schema if not exists ${schema};
-- Everything that belongs to one subject, as text: counts, sums, ladders, labels. It may be deleted once its time has come.
create table if not exists ${schema}.state (h text primary key, data text not null, forget_at bigint not null);
-- Ids of reports and reservations, with what is reserved under each.
create table if not exists ${schema}.ids (
  h text primary key, reserved text not null, generation bigint not null, forget_at bigint not null
);
create table if not exists ${schema}.cooling (h text primary key, key text not null, until bigint not null, epoch bigint not null);
-- The last change of each control, and the newest changes of all.
create table if not exists ${schema}.controls (h text primary key, change text not null, forget_at bigint not null);
create table if not exists ${schema}.history (epoch bigint primary key, request text not null, change text not null);
-- The sequence of changes. A row and no sequence: numbers of a sequence have gaps, and are given out in another order than they are seen.
create table if not exists ${schema}.meta (
  one boolean primary key default true check (one), incarnation text not null, epoch bigint not null, control_epoch bigint not null
);
-- True: nobody has to wait under the key any more. Kept for as long as a process may know of a wait.
alter table ${schema}.cooling add column if not exists lifted boolean not null default false;
alter table ${schema}.controls add column if not exists epoch bigint not null default 0;
-- Processes that share the state: what they know, and when they last said so.
create table if not exists ${schema}.processes (process text primary key, epoch bigint not null, seen bigint not null);
create index if not exists controls_epoch on ${schema}.controls (epoch);
create index if not exists state_forget on ${schema}.state (forget_at);
create index if not exists ids_forget on ${schema}.ids (forget_at);
create index if not exists cooling_epoch on ${schema}.cooling (epoch);
create index if not exists history_request on ${schema}.history (request);
insert into ${schema}.meta (incarnation, epoch, control_epoch) values (gen_random_uuid()::text, 0, 0) on conflict do nothing;
`;
}
