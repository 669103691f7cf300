create function f(int,int) returns bool immutable language sql as 'select $1<$2'; create operator <# (leftarg=int, rightarg=int, function=f);
