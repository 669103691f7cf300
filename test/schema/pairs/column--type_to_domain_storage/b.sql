CREATE DOMAIN "public"."d19" AS integer;
CREATE TABLE "public"."pt3" ("c5" "public"."d19");
