create type r as range(subtype=float8);
create table t(a r, n int); create view v as select a from t where a && '[1,2]'; create policy p on t using (not isempty(a)); create index on t using gist(a); create function f(r) returns float8 language sql as 'select lower($1)'; create function g(x r) returns bool language sql begin atomic select isempty(x); end;
