CREATE DOMAIN "public"."d2" AS integer;
CREATE TABLE "public"."t28" ("c29" "public"."d2"[]);
