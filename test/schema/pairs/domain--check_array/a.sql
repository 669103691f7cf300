CREATE DOMAIN "public"."d2" AS integer;
ALTER DOMAIN "public"."d2" ADD CONSTRAINT "n3" CHECK (VALUE IS NULL OR 3 > 0);
CREATE TABLE "public"."t28" ("c29" "public"."d2"[]);
