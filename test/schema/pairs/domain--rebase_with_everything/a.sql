create domain d as int check (value > 0);
create table t(a d primary key, b d[] default '{1}', g d generated always as (n + 1) stored, n int, constraint k check (a < 100), exclude (a with =));
create table r(a d references t on delete cascade); create type c as (q d); create table u(x c);
create view v as select a, n from t; create function f(d) returns d language sql as 'select $1'; create policy p on t using (a > 5::d); create statistics s on a, n from t; create type rg as range(subtype=d);
