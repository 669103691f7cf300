create table t(a int, b int);
create function f(int, int) returns bigint language sql immutable as 'select $1::bigint';
create index i on t (f(a,b)); create statistics s on (f(a,b)), a from t; cluster t using i; alter index i alter column 1 set statistics 33; comment on index i is 'c'; create table p(a int, b int) partition by list (f(a,b)); create table p1 partition of p for values in (5);
