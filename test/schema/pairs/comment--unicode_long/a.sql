create table "täble ☃"("ü""x" int);
