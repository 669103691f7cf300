create function f(a int) returns setof int language plpgsql as 'begin return; end'; create procedure p(inout a int) language plpgsql as 'begin end';
