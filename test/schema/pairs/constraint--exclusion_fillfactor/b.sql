create table t(a int, constraint x exclude using btree (a with =) with (fillfactor=70));
