create function f() returns bigint language sql as 'select 1::bigint'; create table t(a int, k bigint default f()) partition by list(a); create table t1 partition of t default;
