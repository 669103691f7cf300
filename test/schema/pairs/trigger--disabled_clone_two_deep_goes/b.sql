create table p(a int) partition by list(a); create table p1 partition of p for values in (1) partition by list(a); create table p11 partition of p1 for values in (1); create function tf() returns trigger language plpgsql as $$begin return new; end$$;

