CREATE TABLE "public"."pt5" ("k6" integer, "n7" integer GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST ("k6");
CREATE TABLE "public"."%I9" PARTITION OF "public"."pt5" DEFAULT;
