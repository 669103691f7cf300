create type b;
create function b_in(cstring) returns b language internal immutable strict as 'int4in';
create function b_out(b) returns cstring language internal immutable strict as 'int4out';
create type b (input=b_in, output=b_out, like=int4, category='N');
create cast (b as int) without function; create cast (int as b) without function as assignment;
create table t(x b default 5::b, y int);
