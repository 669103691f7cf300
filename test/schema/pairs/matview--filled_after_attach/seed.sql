insert into p1 values (1),(2);
