create table tt(id int constraint k primary key, c text, d text); create view v as select id from tt;
