create domain d as bigint; create domain k as bigint; create table p(x k, y d) partition by list(x); create table pa partition of p for values in (1);

