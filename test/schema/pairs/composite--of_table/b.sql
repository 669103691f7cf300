create type c as (a int, b text, z int); create table t of c (a not null, primary key(a)); create table u of c (b with options default 'x');
