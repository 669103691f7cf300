create table t(a int); create function f() returns int language sql as 'select count(*)::int from t'; create domain d as int check (f() > 0);
