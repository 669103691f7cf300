insert into t select from generate_series(1,3); delete from t where id>1
