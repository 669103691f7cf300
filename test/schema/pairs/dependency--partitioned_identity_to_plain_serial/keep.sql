select count(*)=1 and min(id)=1 from t
