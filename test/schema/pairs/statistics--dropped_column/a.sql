CREATE TABLE "public"."T Mixed13" ("n15" integer, "check" integer);
CREATE STATISTICS "public"."back\19" ON "n15", "check" FROM "public"."T Mixed13";
