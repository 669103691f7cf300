// Definitions of what there is a lot of. Asking the server for each takes most of the time of a
// snapshot; so the plain ones are put together here as the server does it, and expressions that
// are the same but for their place are asked for once.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "pg/definitions.hpp"

namespace migrate::engine {

// A column of a table, as its indexes know it.
struct ColumnFacts {
    const std::string *name = nullptr;  // quoted
    Oid type = InvalidOid;
    Oid collation = InvalidOid;
};

// Rows of the catalogs as text; a null pointer for NULL.
struct ConstraintRow {
    Oid oid, table, target;
    char type;
    const char *plain;  // null: only the server can say it
    const char *tree;
    const char *keys, *target_keys;
    const char *actions;  // match, on update, on delete as pg_constraint has them
    const char *marks;    // what stands at its end, or after UNIQUE
};
struct IndexRow {
    Oid oid, table;
    const char *plain;
    const char *head;  // up to the opening parenthesis
    const char *keys, *options, *classes, *collations;
    int key_count;  // without those that are included
};

class Definitions {
 public:
    // What is known of a column of a table; no name: nothing.
    using FindColumn = std::function<ColumnFacts(Oid table, int number)>;
    using FindTable = std::function<const std::string *(Oid table)>;

    Definitions(FindColumn column, FindTable table)
        : column_(std::move(column)), table_(std::move(table)) {}

    std::string expression(const char *tree, Oid table);
    std::string constraint(const ConstraintRow &row);
    std::string index(const IndexRow &row);
    const std::string &type(Oid type, int modifier);

 private:
    bool add_columns(Oid table, const char *keys, std::string &text) const;
    bool add_key(const IndexRow &row, int key, int option, Oid operator_class, Oid collation,
                 std::string &text);
    bool plain_constraint(const ConstraintRow &row, std::string &text);
    bool plain_index(const IndexRow &row, std::string &text);
    bool is_default(Oid operator_class, Oid type);
    bool add_essence(std::string_view tree, Oid table);

    FindColumn column_;
    FindTable table_;
    std::string essence_;
    std::unordered_map<std::string, std::string> expressions_;
    std::map<std::pair<Oid, int>, std::string> types_;
    std::map<std::pair<Oid, Oid>, bool> defaults_;
};

}  // namespace migrate::engine
