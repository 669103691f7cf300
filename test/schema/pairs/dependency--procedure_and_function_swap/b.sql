create function g() returns int language sql as 'select 1'; create procedure f() language sql as '';
