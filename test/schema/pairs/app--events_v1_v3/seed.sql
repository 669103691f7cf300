insert into events(stream,type,data,at) values('s','t','{}','2024-01-15'),('s','u','{}','2024-02-15');
