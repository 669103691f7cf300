select (select count(*) from t)=1 and (select lower(z)=3 from w);
