create table t(a int); create table u(a int); create function f() returns trigger language plpgsql as 'begin return new; end';
