create table t(a int constraint ck check (a>0), b int constraint u unique, c int constraint pk primary key, d int constraint fk references t(c), e int4range, constraint ex exclude using gist (e with &&));
create index ix on t(a); create function tf() returns trigger language plpgsql as 'begin return new; end'; create trigger tr before insert on t for each row execute function tf(); create rule r as on delete to t do nothing; create policy p on t; create statistics st on a,b from t;
comment on constraint ck on t is 'old'; comment on index ix is 'old'; comment on trigger tr on t is 'old';
