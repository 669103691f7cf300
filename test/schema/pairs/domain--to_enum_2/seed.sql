insert into t values(1,'on'),(2,'off');
