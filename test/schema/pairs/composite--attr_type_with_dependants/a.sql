create type c as (a int, b text);
create table t(x c default row(1,'q'), check ((x).a > 0)); create index on t (((x).a));
create view v as select (x).a from t;
create function f(c) returns int language sql begin atomic select ($1).a; end;
