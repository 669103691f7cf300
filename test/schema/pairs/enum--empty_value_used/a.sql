CREATE TYPE "public"."e2" AS ENUM ('last', '', 'red', 'green');
CREATE TABLE "public"."t3" ("$$5" "public"."e2" DEFAULT ''::"public"."e2");
