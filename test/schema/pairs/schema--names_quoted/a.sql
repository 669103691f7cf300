create schema "S p"; create table "S p"."T""x"("Col umn" int, "select" text); create index "I x" on "S p"."T""x"("Col umn");
