create type c as (x int, a int, b text); create table t of c (x with options default 3, check (a > 0)); comment on column t.a is 'x'; grant select (b) on t to bench_r1;
