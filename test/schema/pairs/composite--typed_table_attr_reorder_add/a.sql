create type c as (a int, b text); create table t of c; comment on column t.a is 'x'; grant select (b) on t to bench_r1;
