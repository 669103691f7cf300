select (select count(*) from t)=1 and (select count(*) from r)=1 and (select (x).q from u)=3;
