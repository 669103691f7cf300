// Safe forms of dangerous statements: what the plain statement does under a lock that stops the
// application, these do in steps that do not. Each looks at the catalogs for what is already there,
// so that calling it again after whatever has ended it goes on. Each runs as the work of operate().
#pragma once

#include "engine/operation.hpp"

namespace migrate::engine {

using OptionalText = std::optional<std::string>;

void add_not_null(Oid relation, const std::string &column);
void add_check(Oid relation, const std::string &expression, const OptionalText &name);

struct ForeignKeyRequest {
    Oid relation;
    pg::Texts columns;
    Oid referenced;
    std::optional<pg::Texts> referenced_columns;  // none: the primary key
    OptionalText name;
    std::string options;  // "ON DELETE CASCADE DEFERRABLE"
};
void add_foreign_key(const ForeignKeyRequest &request);

struct UniqueRequest {
    Oid relation;
    pg::Texts columns;
    OptionalText name;
    pg::Texts include;
    bool nulls_not_distinct = false;
    bool primary = false;
};
void add_unique(const UniqueRequest &request);

// `definition`: what follows the name of the table in CREATE INDEX.
void create_index(Oid relation, const std::string &definition, const OptionalText &name,
                  bool unique);
void reindex(Oid relation);
void drop_index(Oid index);

}  // namespace migrate::engine
