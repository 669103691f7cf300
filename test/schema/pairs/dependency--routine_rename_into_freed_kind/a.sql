create procedure f(int) language sql as ''; create function g(int) returns int language sql as 'select 1';
