CREATE TABLE "public"."t3" ();
CREATE TABLE "public"."back\19" ("c20" integer);
