CREATE TABLE parts (id int PRIMARY KEY);
CREATE TABLE fb (ref_key int);
CREATE TABLE fp (FOREIGN KEY (ref_key) REFERENCES parts) INHERITS (fb);
