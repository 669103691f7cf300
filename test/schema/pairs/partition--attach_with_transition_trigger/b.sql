create function tf() returns trigger language plpgsql as 'begin return null; end'; create table p(a int, b int) partition by range(a);
create table l partition of p for values from (0) to (9); create trigger g after update on l referencing old table as o for each statement execute function tf();
