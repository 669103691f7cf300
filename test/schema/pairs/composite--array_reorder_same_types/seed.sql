insert into t values (array[row(1,2)::c]);
