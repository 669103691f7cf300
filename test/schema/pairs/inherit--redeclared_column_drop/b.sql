CREATE TABLE "public"."t4" ();
CREATE TABLE "public"."T Mixed12" () INHERITS ("public"."t4");
