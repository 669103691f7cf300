select (select count(*) from app.a)=1 and (select count(*) from app.b)=1
