create foreign data wrapper w validator postgresql_fdw_validator; comment on foreign data wrapper w is 'w'; create server s foreign data wrapper w options (dbname 'd');
