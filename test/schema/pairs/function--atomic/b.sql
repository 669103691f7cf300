create table t(a int, b int); create function f() returns int begin atomic select min(b) from t; end; create table u(x int default f(), check (x <> f()));
