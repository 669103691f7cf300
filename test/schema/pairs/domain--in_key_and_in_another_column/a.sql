create domain d as int; create domain k as int; create table p(x k, y d) partition by list(x); create table pa partition of p for values in (1);

