insert into t values(1,'old','{new,old}');
