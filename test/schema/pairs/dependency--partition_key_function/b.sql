create function f(int) returns bigint language sql immutable as 'select $1::bigint';
create table p(a int) partition by list (f(a));
