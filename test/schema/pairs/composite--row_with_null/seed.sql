insert into t values (row(1,null)),(null),(row(null,null));
