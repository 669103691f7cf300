create function g(int) returns int language sql as 'select 1';
