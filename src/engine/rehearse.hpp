// Trying pending revisions out on the database itself, in a transaction that is rolled back.
#pragma once

#include <optional>

#include "pg/datum.hpp"

namespace migrate::engine {

struct Rehearsed {
    std::string revision;
    std::string message;
    // Whether the downgrade gives the schema back as it was, and the upgrade after it the same
    // schema again. None: it has not come to that.
    std::optional<bool> restores;
    std::vector<std::string> differences;
    std::vector<std::string> rows_changed;  // what up and down have done to rows
    std::vector<std::string> locks;         // of the upgrade, the strongest of each relation
    std::vector<std::string> rewritten;     // by the upgrade
    std::vector<std::string> scanned;
    std::vector<std::string> simulated;    // statements that ran in another form, or not at all
    std::optional<pg::Duration> duration;  // of the upgrade
    std::string error;
};

// Each pending revision up, down and up again. `compare_up_to`: bytes of a table whose rows are
// compared one by one; `limit`: how the caller said that. `exempt`: pg/exemption.hpp. Throws what
// upgrade() would throw before it begins; errors of the scripts are in the rows.
std::vector<Rehearsed> rehearse(const std::string &target, std::int64_t compare_up_to,
                                const std::string &limit, bool exempt);

}  // namespace migrate::engine
