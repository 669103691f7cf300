create type b;
create function b_in(cstring) returns b language internal immutable strict as 'textin';
create function b_out(b) returns cstring language internal immutable strict as 'textout';
create function b_recv(internal) returns b language internal stable strict as 'textrecv';
create function b_send(b) returns bytea language internal stable strict as 'textsend';
create type b (input=b_in, output=b_out, internallength=variable, storage=plain);
create table t(x b);
