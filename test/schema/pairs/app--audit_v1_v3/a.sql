create extension hstore; create schema audit;
create table audit.log(id bigserial primary key, tbl regclass, op "char", who name default current_user, at timestamptz default clock_timestamp(), old hstore, new hstore);
create function audit.trg() returns trigger language plpgsql security definer set search_path=public,audit as $$begin insert into audit.log(tbl,op,old,new) values(tg_relid::regclass, tg_op::"char", hstore(old), hstore(new)); return null; end$$;
create table a(id int primary key, v text); create table b(id int primary key, a int references a, n numeric);
create trigger audit after insert or update or delete on a for each row execute function audit.trg(); create trigger audit after insert or update or delete on b for each row execute function audit.trg('x');
alter table b disable trigger audit; revoke all on function audit.trg() from public; grant insert on audit.log to bench_r1; grant usage on schema audit to bench_r1;
create index on audit.log using gist(new);
