create table ct(a int, b text);
