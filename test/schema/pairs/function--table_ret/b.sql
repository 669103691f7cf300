create function f() returns table(a int, b text, c date) language sql as 'select 1,''x'',now()::date'; create view v as select * from f();
