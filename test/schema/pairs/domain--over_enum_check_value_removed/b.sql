create type e as enum('a','b');
create domain d as e default 'a' constraint k check (value <> 'b');
create table t(x d, y d[] default '{a}');
create view v as select x from t where x::e = 'a';
