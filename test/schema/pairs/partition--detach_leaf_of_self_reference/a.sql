CREATE TABLE "public"."pt2" ("k3" integer, "c4" integer, "r11" integer) PARTITION BY LIST ("k3");
CREATE TABLE "public"."p5" PARTITION OF "public"."pt2" FOR VALUES IN (5) PARTITION BY RANGE ("k3");
CREATE TABLE "public"."p6" PARTITION OF "public"."p5" DEFAULT;
ALTER TABLE "public"."pt2" ADD CONSTRAINT "select" UNIQUE ("k3", "c4");
ALTER TABLE "public"."pt2" ADD CONSTRAINT "fk12" FOREIGN KEY ("r11", "c4") REFERENCES "public"."pt2" ("k3", "c4");
