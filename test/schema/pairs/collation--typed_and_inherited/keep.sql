select (select count(*) from t)=1 and count(*)=2 from p;
