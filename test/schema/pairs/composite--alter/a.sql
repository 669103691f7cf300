create type c as (a int, b text); create table t(x c, y c[]); create function f() returns c language sql as 'select null::c'; create view v as select (x).a from t;
