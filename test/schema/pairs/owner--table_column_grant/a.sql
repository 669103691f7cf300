CREATE TABLE "public"."a.b3" ("c5" integer);
GRANT UPDATE ("c5") ON "public"."a.b3" TO bench_r1;
