create function f(int) returns int language sql as 'select 1'; create aggregate g(int) (sfunc = int4pl, stype = int);
