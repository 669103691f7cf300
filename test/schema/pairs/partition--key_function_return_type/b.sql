create function f(int) returns bigint language sql immutable as 'select $1::bigint';
create table p(a int) partition by list (f(a)); create table p1 partition of p for values in (5);
