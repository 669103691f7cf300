CREATE TABLE "public"."t6" ("qu""ote'8" bigint);
ALTER TABLE "public"."t6" ALTER COLUMN "qu""ote'8" SET STATISTICS 215;
CREATE TABLE "public"."t14" ();
CREATE TABLE "public"."n37" () INHERITS ("public"."t6");
ALTER TABLE "public"."t6" ADD CONSTRAINT "ck42" CHECK ("qu""ote'8" > 28) NOT VALID;
