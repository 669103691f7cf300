CREATE TABLE "public"."pt3" ("c5" text);
ALTER TABLE "public"."pt3" ALTER COLUMN "c5" SET STORAGE EXTERNAL;
CREATE DOMAIN "public"."d19" AS integer;
