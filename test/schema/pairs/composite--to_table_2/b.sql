create table c (a int, b text);
create function f() returns setof c language sql as $$select 1, 'a'$$;
create table u(x c);
create view v as select (x).a from u;
