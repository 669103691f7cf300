create function f(a int, b int) returns int language sql as 'select a'; create view v as select f(1,2); create function g(out x int, out y text) language sql as 'select 1,''a'''; 
