select (select count(*) from t)=1 and (select count(*) from u)=1;
