CREATE TABLE "public"."$$18" ("k19" integer) PARTITION BY HASH ("k19");
CREATE INDEX "ix25" ON "public"."$$18" USING btree (("k19" + 1));
CREATE INDEX "ix27" ON "public"."$$18" USING btree (("k19" + 1));
CREATE TABLE "public"."p28_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" PARTITION OF "public"."$$18" FOR VALUES WITH (MODULUS 8, REMAINDER 7);
