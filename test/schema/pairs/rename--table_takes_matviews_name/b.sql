create table m(a int, b text);
