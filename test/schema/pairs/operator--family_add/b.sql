create operator family fam using btree; alter operator family fam using btree add operator 1 < (int4,int8), operator 3 = (int4,int8), function 1 (int4,int8) btint48cmp(int4,int8);
