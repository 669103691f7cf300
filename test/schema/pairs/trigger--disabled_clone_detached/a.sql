create table p(a int) partition by list(a); create table p1 partition of p for values in (1); create trigger g after update on p for each row execute function suppress_redundant_updates_trigger(); alter table p1 disable trigger g;

