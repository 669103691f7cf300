create schema es; create table events(id bigint generated always as identity, stream text not null, type text not null, data jsonb not null, meta jsonb default '{}', at timestamptz not null default now(), primary key(id,at)) partition by range(at);
create table es.y2024 partition of events for values from ('2024-01-01') to ('2025-01-01') partition by range(id); create table es.y2024_t partition of es.y2024 for values from (0) to (100); create table es.y2024_x partition of es.y2024 default; create table events_rest partition of events default;
create index on events(at); create index events_type on events(type, at desc) include (stream); create index on events using gin(data jsonb_path_ops);
create view last_event as select distinct on (stream) stream, id, type, data, meta from events order by stream, id desc;
create function append(s text, t text, d jsonb, m jsonb default '{}') returns bigint language sql as 'insert into events(stream,type,data,meta) values(s,t,d,m) returning id';
create function notify_event() returns trigger language plpgsql as $$begin perform pg_notify('ev',new.id::text); return null; end$$;
create trigger notify after insert on events for each row when (new.type='t') execute function notify_event();
create publication ev for table events (id, stream, at) with (publish_via_partition_root=true);
