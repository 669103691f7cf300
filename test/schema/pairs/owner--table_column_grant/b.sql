CREATE TABLE "public"."a.b3" ("c5" integer);
ALTER TABLE "public"."a.b3" OWNER TO bench_r2;
GRANT UPDATE ("c5") ON "public"."a.b3" TO bench_r1;
