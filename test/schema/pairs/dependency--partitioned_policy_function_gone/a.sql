create function f() returns bool language sql as 'select true'; create table t(a int); create policy p on t using (f()); create table o(a int check (a>0));
