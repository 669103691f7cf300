CREATE TABLE "public"."order" ("qu""ote'5" integer, "$$6" integer) PARTITION BY LIST ("qu""ote'5");
CREATE TABLE "public"."p11" PARTITION OF "public"."order" FOR VALUES IN (11) PARTITION BY HASH ("qu""ote'5");
CREATE TABLE "public"."back\12" PARTITION OF "public"."p11" FOR VALUES WITH (MODULUS 8, REMAINDER 5);
ALTER TABLE "public"."order" ADD CONSTRAINT "n13" PRIMARY KEY ("qu""ote'5", "$$6");
