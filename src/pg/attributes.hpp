// The columns of all relations, straight from their catalog: there are ten times as many of them
// as of anything else, and a query over them takes longer than all that is done with its rows.
#pragma once

#include <functional>

#include "pg/guard.hpp"

namespace migrate::pg {

// A row of pg_attribute. Letters are 0 where they say nothing.
struct AttributeRow {
    Oid relation;
    int number;
    const char *name;  // quoted; lasts until the row is taken
    Oid type;
    int modifier;
    Oid collation;
    int statistics;  // negative: the default
    char storage, compression, identity, generated;
    bool not_null;
    bool inherited;    // only
    bool has_options;  // those that the server keeps for itself aside
    bool has_acl;
    bool has_foreign_options;
};

// Those of users' relations, in no order, without system columns and what is dropped.
void read_attributes(const std::function<void(const AttributeRow &)> &take);

// What a column of that type has unless it says otherwise.
struct TypeDefaults {
    Oid collation;
    char storage;
};
TypeDefaults type_defaults(Oid type);

std::string collation_name(Oid collation);  // with its schema; empty where it has gone

}  // namespace migrate::pg
