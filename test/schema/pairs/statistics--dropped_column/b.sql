CREATE TABLE "public"."T Mixed13" ("check" integer);
