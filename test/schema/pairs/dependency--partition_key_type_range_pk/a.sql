create table p(a int, d date, primary key(a,d)) partition by range(d); create table p1 partition of p for values from ('2024-01-01') to ('2025-01-01');
