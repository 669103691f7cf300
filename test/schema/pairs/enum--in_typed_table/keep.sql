select (select count(*) from t)=1 and (select (x).n from u)=2;
