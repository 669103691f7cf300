create extension file_fdw; create server s foreign data wrapper file_fdw; create foreign table f(a int) server s options(filename '/x');
