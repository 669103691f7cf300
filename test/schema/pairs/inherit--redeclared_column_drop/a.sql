CREATE TABLE "public"."t4" ("c9" text);
CREATE TABLE "public"."T Mixed12" ("c9" text) INHERITS ("public"."t4");
