create type e as enum('a','b','c');
create domain d as e default 'c' constraint k check (value <> 'b');
create table t(x d, y d[] default '{c}');
create view v as select x from t where x::e = 'c';
