insert into t(n) select 1 from generate_series(1,3)
