create function tf() returns trigger language plpgsql as 'begin return new; end'; create table p(a int) partition by list (a); create table p1 partition of p default;
create trigger y before insert on p for each row execute function tf();
