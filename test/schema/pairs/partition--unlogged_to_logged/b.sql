create table p(a serial, b text) partition by list(b); create table p1 partition of p for values in ('x');
