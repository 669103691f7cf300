CREATE SCHEMA "S Mixed85";
CREATE TYPE "public"."e35" AS ENUM ('green');
CREATE DOMAIN "public"."%I50" AS "public"."e35" DEFAULT 'green'::"public"."e35";
CREATE TYPE "public"."rg53" AS RANGE (SUBTYPE = date);
CREATE TYPE "public"."ct92" AS ("f0" "public"."%I50");
CREATE TABLE "public"."t146" ("c149" "public"."ct92"[]);
