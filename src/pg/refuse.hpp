// Errors of PostgreSQL's own kinds, for what it would refuse with the same SQLSTATE.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

enum class Refusal {
    parameter,     // 22023: a value that makes no sense
    wrong_object,  // 42809: not the kind of relation that this is for
    unsupported,   // 0A000
    in_use,        // 55006: somebody else is at it
    syntax,        // 42601
    changed        // 55000: not in the state it should be in
};

[[noreturn]] void refuse(Refusal kind, const std::string &message, const std::string &detail = {},
                         const std::string &hint = {});

}  // namespace migrate::pg
