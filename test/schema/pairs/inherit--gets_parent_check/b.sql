CREATE SCHEMA "s26";
CREATE TABLE "public"."qu""ote'2" ("c6" boolean);
ALTER TABLE "public"."qu""ote'2" ADD CONSTRAINT "ck16" CHECK ("c6" IS NOT NULL);
CREATE TABLE "s26"."t34" () INHERITS ("public"."qu""ote'2") WITH (toast.autovacuum_enabled = false);
