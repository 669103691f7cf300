CREATE TABLE x (a int, b int, c int, unique(a,b)) partition by list (a);
CREATE TABLE x1 PARTITION OF x FOR VALUES IN (1);
ALTER TABLE x add constraint fk foreign key (c, b) references x (a, b);
