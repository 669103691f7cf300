create function lt(int,int) returns bool language sql immutable as 'select $1 < $2';
create operator <<< (leftarg = int, rightarg = int, function = lt, restrict = scalarltsel, join = scalarltjoinsel); create table t(a int, constraint k check (a <<< 5)); create index i on t(a) where a <<< 3; create view v as select * from t where a <<< 4;
