create table p(a int) partition by list(a); create table p1(a int); create trigger g after update on p for each row execute function suppress_redundant_updates_trigger();

