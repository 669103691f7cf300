create operator family f using btree; alter operator family f using btree add operator 1 <(int4,int8), operator 2 <=(int4,int8), function 1 (int4,int8) btint48cmp(int4,int8), function 2 (int4,int4) btint4sortsupport(internal);
create operator family g using btree; alter operator family g using btree add operator 1 <=(int4,int8), operator 3 =(int4,int8);
