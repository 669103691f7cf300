insert into t values('[1,2)','3.5',7,'10.0.0.1')
