CREATE TABLE "public"."t8" ("c10" character varying(20)) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
CREATE TABLE "public"."t12" ();
ALTER TABLE "public"."t12" OWNER TO bench_r2;
