create schema audit; 
create table audit.log(id bigint generated always as identity, tbl text, op char(1) check (op in ('I','U','D')), who name default session_user, at timestamptz default clock_timestamp() not null, old jsonb, new jsonb, primary key(at,id)) partition by range(at); create table audit.log_d partition of audit.log default;
create function audit.trg() returns trigger language plpgsql security definer set search_path=public,audit as $$begin insert into audit.log(tbl,op,old,new) values(tg_relid::regclass, left(tg_op,1), to_jsonb(old), to_jsonb(new)); return null; end$$;
create function audit.stmt() returns trigger language plpgsql as $$begin return null; end$$;
create table a(id int primary key, v text); create table b(id int primary key, a int references a, n numeric);
create trigger audit after insert or update or delete on a for each row execute function audit.trg(); create trigger audit_s after update on b referencing old table as o new table as n for each statement execute function audit.stmt();
revoke all on function audit.trg() from public; grant insert on audit.log to bench_r1; grant usage on schema audit to bench_r1;
