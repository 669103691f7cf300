// Files on the server's disk.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

struct File {
    std::string name;
    std::string text;
};

// Every *.sql file directly in `directory`, by name. Raises what opening and reading raise, and
// 22021 for a text that is not valid in the server's encoding.
std::vector<File> read_sql_files(const std::string &directory);

}  // namespace migrate::pg
