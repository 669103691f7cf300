create table t(a int); create function f() returns int begin atomic select max(a) from t; end; create table u(x int default f(), check (x <> 0));
