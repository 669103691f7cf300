create function fs(internal) returns internal language internal immutable as 'dsimple_init'; create extension hstore;
