create aggregate a(int) (sfunc=int4pl, stype=int, initcond='5', parallel=safe, combinefunc=int4pl); create view v as select a(x) from generate_series(1,3) x; comment on aggregate a(int) is 'y';
