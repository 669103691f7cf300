// Rendering by kind: what render.cpp chooses from.
#pragma once

#include <span>

#include "schema/render.hpp"

namespace migrate::schema {

struct Pair {
    const World &before;
    const Object &from;
    const World &after;
    const Object &to;
    const Style &style;
    Script &script;
    bool differs(std::string_view attribute) const { return !same(from, to, attribute); }
};

// "a, b" of an attribute that holds several texts.
std::string join(const Object &object, std::string_view attribute);
// CREATE OR REPLACE ... of a CREATE statement.
std::string or_replace(const std::string &definition);
// " WITH (a=1)" or nothing.
std::string with_options(const Object &object, std::string_view attribute = "options");
// " TABLESPACE x" or nothing.
std::string in_tablespace(const Object &object);
// The items "NAME = value" of a definition that differ, for ALTER ... SET: with NONE where they go.
// None: another item than those of `known` differs.
std::optional<std::vector<std::string>> changed_items(const Pair &pair,
                                                      std::span<const std::string_view> known);
// SET (...) and RESET (...) behind `prefix` ("ALTER TABLE t").
void alter_storage_options(const Pair &pair, std::string_view attribute, const std::string &prefix);
// OPTIONS (ADD a 'x', SET b 'y', DROP c), or nothing where there is no difference.
std::string foreign_options(const Object &object, std::string_view attribute = "options");
std::string changed_foreign_options(const Pair &pair, std::string_view attribute = "options");
// START WITH 1 INCREMENT BY 2 ..., those that are not PostgreSQL's default.
std::vector<std::string> sequence_options(const Object &object);
// The same for ALTER: those that differ. `set`: "SET " for an identity column.
std::vector<std::string> changed_sequence_options(const Pair &pair, const std::string &set);

// What that may do to where it has counted to.
std::vector<Hazard> hazards_of_counting(const Pair &pair);

void create_table(const World &world, Ref ref, const Parts &parts, const Style &style,
                  Script &script);
bool alter_table(const Pair &pair);
void create_column(const World &world, Ref ref, const Parts &parts, const Style &style,
                   Script &script);
bool alter_column(const Pair &pair);
// ALTER TABLE ... INHERIT, with the parts that the table gets by it.
void create_inheritance(const World &world, Ref ref, const Parts &parts, Script &script);
// What the sequence of an identity column is beyond what the column's clause says.
void finish_identity(const Object &column, Script &script);
void finish_column(const World &world, const Object &column, Script &script);

void create_table_part(const World &world, Ref ref, const Style &style, Script &script);
void drop_table_part(const World &world, Ref ref, Script &script);
bool alter_table_part(const Pair &pair);
bool has_index(const Object &constraint);
// As it stands in CREATE TABLE.
std::string constraint_clause(const Object &constraint);
void finish_index(const World &world, const Object &index, Script &script);

void create_type(const World &world, Ref ref, const Parts &parts, const Style &style,
                 Script &script);
bool alter_type(const Pair &pair);
void drop_type_part(const World &world, Ref ref, Script &script);

void create_view(const World &world, Ref ref, Script &script, bool replace);
void create_materialized_view(const World &world, Ref ref, const Style &style, Script &script);
bool alter_view(const Pair &pair);

void create_routine(const Object &object, Script &script);
bool alter_routine(const Pair &pair);

void create_sequence(const Object &object, Script &script);
bool alter_sequence(const Pair &pair);

// All others.
void create_other(const World &world, Ref ref, const Style &style, Script &script);
void drop_other(const World &world, Ref ref, Script &script);
bool alter_other(const Pair &pair);

}  // namespace migrate::schema
