create table "täble ☃"("ü""x" int);
comment on table "täble ☃" is E'line1\r\nline2\ttab — ünï 😀 /* -- ; */'; comment on column "täble ☃"."ü""x" is '$function$ $$ \x41';
