create language ll handler plpgsql_call_handler; create function f() returns int language ll as 'begin return 1; end'; create view v as select f() as x; grant execute on function f() to bench_r1;
