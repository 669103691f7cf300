create table events(id bigserial primary key, stream text not null, type text not null, data json not null, at timestamptz not null default now(), unique(stream,id));
create index on events(at); create index events_type on events(type, at desc);
create view last_event as select distinct on (stream) stream, id, type, data from events order by stream, id desc;
create function append(s text, t text, d json) returns bigint language sql as 'insert into events(stream,type,data) values(s,t,d) returning id';
create rule no_delete as on delete to events do instead nothing;
create function notify_event() returns trigger language plpgsql as $$begin perform pg_notify('ev',new.id::text); return null; end$$;
create trigger notify after insert on events for each row execute function notify_event();
