create extension if not exists citext; create function tf() returns trigger language plpgsql as 'begin return new; end'; create table t(a int, b int);
create trigger g before insert on t for each row execute function tf(); alter trigger g on t depends on extension citext;
