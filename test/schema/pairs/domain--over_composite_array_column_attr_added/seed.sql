insert into t values (array[row(2)::d]);
