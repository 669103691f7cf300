create unlogged table p(a serial, b text) partition by list(b); create unlogged table p1 partition of p for values in ('x');
