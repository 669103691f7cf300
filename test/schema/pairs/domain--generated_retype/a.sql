create domain d as int; create table t(n int, g d generated always as (n + 1) stored);
