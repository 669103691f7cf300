create type e as enum('a','b'); create table m(k e, j int) partition by hash(k); create table m0 partition of m for values with (modulus 1, remainder 0);
