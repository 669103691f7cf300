create function f() returns int language sql as 'select 1'; create procedure g() language sql as '';
