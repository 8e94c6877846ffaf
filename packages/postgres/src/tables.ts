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
-- Where it was dropped or emptied, numbers that are in use are not given out again. Where the controls are gone that it knows of, it is
-- another memory: processes put back what they knew, and what a request has made is made again.
with made as (
  insert into ${schema}.meta (incarnation, epoch, control_epoch)
  select gen_random_uuid()::text, coalesce(max(epoch), 0), (select coalesce(max(epoch), 0) from ${schema}.controls) from (
    select epoch from ${schema}.history union all select epoch from ${schema}.controls union all select epoch from ${schema}.cooling
  ) as used on conflict do nothing returning one
), lost as (
  update ${schema}.meta
  set incarnation = gen_random_uuid()::text, control_epoch = (select coalesce(max(epoch), 0) from ${schema}.controls)
  where control_epoch > 0 and not exists (select 1 from ${schema}.controls where epoch = control_epoch) returning one
)
update ${schema}.history set request = epoch::text where exists (select from made union all select from lost);
`;
}
