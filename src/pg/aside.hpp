// Entries of the catalogs put out of the way, for a (sub)transaction that is always rolled back:
// what is made meanwhile has the names to itself. No lock on any relation is taken, and no other
// session sees anything of it. Nothing is asked about rights: the caller's are for what it makes.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Another name for a schema, publication, server, ... The catalog is given by its OID.
void rename_entry(Oid catalog, Oid object, const std::string &name);
// Another schema for an object, and for what comes with it (row types, array types, indexes).
void move_entry(Oid catalog, Oid object, Oid schema);
void remove_entry(Oid catalog, Oid object);
// The privileges that it had when it was made (pg_init_privs). `part`: number of a column.
void reset_privileges(Oid catalog, Oid object, int part);
// Those that it would have if it were made now: ALTER DEFAULT PRIVILEGES. Nothing for what has had
// privileges of its own from the start.
void give_default_privileges(Oid catalog, Oid object);
// An operator class that is no longer its type's default.
void forget_default(Oid operator_class);
void disable_event_trigger(Oid object);
// A schema that only superusers get at. Without this, code of the user's could call what is there,
// with the rights of its owner, among other things of the same names.
void close_schema(Oid schema);
// An empty schema; `like`: with the owner and the privileges of another one, or invalid: the
// schema public of a new database.
Oid make_schema(const std::string &name, Oid like);
Oid schema_catalog();
Oid find_schema(const std::string &name);  // invalid: there is none
// Whether the caller's role may create objects in a schema of its own making.
bool may_create_in(Oid schema);
// Where CREATE would make something; empty: nowhere.
std::string current_schema();
void set_comment(Oid catalog, Oid object, const std::string &comment);
// The catalogs as the next question should see them.
void show_changes();
// Values that ALTER TYPE ... ADD VALUE has added in this transaction may be used in it.
void allow_new_enum_values();

}  // namespace migrate::pg
