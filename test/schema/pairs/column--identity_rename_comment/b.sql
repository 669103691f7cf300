create table t(id int generated always as identity (sequence name other)); comment on sequence other is 'x';
