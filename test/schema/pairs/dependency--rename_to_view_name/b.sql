create table v(a int, b int, c text);
