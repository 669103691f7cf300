insert into p values(1,'2024-05-05');
