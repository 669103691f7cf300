insert into p(b) values ('x');
