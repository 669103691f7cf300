create collation co (provider=icu, locale='fr');
create table t(a text default ('x' collate co), b text, g bool generated always as (b < 'q' collate co) stored, constraint k check (a > 'a' collate co));
create statistics st on (b collate co), a from t; create policy p on t using (b < 'z' collate co);
create function tf() returns trigger language plpgsql as 'begin return new; end';
create trigger tg before insert on t for each row when (new.a > 'b' collate co) execute function tf();
create rule r as on delete to t where old.a < 'c' collate co do instead nothing;
create materialized view m as select b collate co as c from t; create index on m(c);
create type c as (x text collate co); create table u(y c);
create function fa(text) returns bool language sql begin atomic select $1 < 'b' collate co; end;
