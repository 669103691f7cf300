create type b; create function b_in(cstring) returns b language internal immutable strict as 'textin'; create function b_out(b) returns cstring language internal immutable strict as 'textout';
create type b (input = b_in, output = b_out, like = text, collatable = true, category = 'S'); create table t(x b collate "C");
