create function f(x int) returns int language sql immutable as 'select $1';
create table p(a int) partition by range (f(a)); create table p1 partition of p default;
