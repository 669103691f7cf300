CREATE EXTENSION "file_fdw" SCHEMA "public";
