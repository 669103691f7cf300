CREATE TABLE "public"."back\19" ("c20" integer);
CREATE TABLE "public"."t3" () INHERITS ("public"."back\19");
