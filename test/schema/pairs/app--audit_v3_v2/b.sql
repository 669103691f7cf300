create extension hstore; create schema audit;
create function audit.to_js(hstore) returns jsonb language sql immutable as 'select hstore_to_jsonb($1)';
create table audit.log(id bigserial primary key, tbl regclass, op "char", who name default session_user, at timestamptz default clock_timestamp(), old hstore, new hstore, new_js jsonb generated always as (audit.to_js(new)) stored);
create function audit.trg() returns trigger language plpgsql security definer set search_path=public,audit as $$begin insert into audit.log(tbl,op,old,new) values(tg_relid::regclass, left(tg_op,1)::"char", hstore(old), hstore(new)); return null; end$$;
create table a(id int primary key, v text); create table b(id int primary key, a int references a, n numeric);
create trigger audit after insert or update or delete on a for each row execute function audit.trg(); create trigger audit after insert or update of n or delete on b for each row execute function audit.trg('x','y''z');
alter table b enable always trigger audit; revoke all on function audit.trg() from public; grant insert on audit.log to bench_r1; grant usage on schema audit to bench_r1;
create index on audit.log using gin(new_js); 
