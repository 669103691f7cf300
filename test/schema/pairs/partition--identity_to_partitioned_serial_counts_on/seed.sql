insert into t(k) values(1),(1); delete from t where id=2
