create function f(int) returns int language sql immutable as 'select $1';
create table p(a int) partition by list (f(a));
