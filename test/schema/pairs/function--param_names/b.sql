create function f(x int, y int) returns int language sql as 'select x'; create view v as select f(1,2); create function g(out x int, out z text) language sql as 'select 1,''a''';
