CREATE TABLE "public"."pt4" ("k5" integer, "C Mixed7" timestamp(3) with time zone) PARTITION BY HASH ("k5");
CREATE TABLE "public"."qu""ote'9" PARTITION OF "public"."pt4" FOR VALUES WITH (MODULUS 8, REMAINDER 4) PARTITION BY RANGE ("k5");
CREATE TABLE "public"."p10_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" PARTITION OF "public"."qu""ote'9" FOR VALUES FROM (40) TO (50);
