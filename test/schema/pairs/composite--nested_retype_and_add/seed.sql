insert into t values (row(row(1),3)::o);
