create domain d as bigint; create table t(n int, g d generated always as (n + 1) stored);
