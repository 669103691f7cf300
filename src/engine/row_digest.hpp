// The rows of a table at one time, as far as is needed to compare them with those at another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace migrate::engine {

struct RowDigest {
    std::vector<std::string> columns;  // sorted
    std::vector<std::int64_t> rows;    // a hash of each, sorted
};

// Of a table by its (qualified) name; its partitions and heirs are tables of their own. `columns`:
// only these. Empty: why it cannot be read, through `reason`.
std::optional<RowDigest> read_digest(const std::string &table,
                                     const std::vector<std::string> *columns, std::string &reason);

// "3 rows changed, 1 row lost"; empty where they are the same. Rows that are gone and rows that are
// new count as changed as far as there are as many.
std::string compare(const RowDigest &before, const RowDigest &after);

}  // namespace migrate::engine
