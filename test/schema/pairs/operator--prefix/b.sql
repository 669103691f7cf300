create function neg(int) returns int immutable language sql as 'select -$1'; create operator !@ (rightarg=int, function=neg); create view v as select !@ 3 as x;
