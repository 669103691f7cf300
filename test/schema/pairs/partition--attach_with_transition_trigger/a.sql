create function tf() returns trigger language plpgsql as 'begin return null; end'; create table p(a int, b int) partition by range(a);
create table l(a int, b int); create trigger g after update on l referencing old table as o for each row execute function tf();
