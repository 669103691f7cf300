CREATE TABLE x (a int, b int, c int, unique(a,b)) partition by list (a);
CREATE TABLE x1 (a int, b int, c int);
ALTER TABLE x add constraint fk foreign key (c, b) references x (a, b);
