// Downgrades that the server works out by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace migrate::engine {

struct Derived {
    std::string up;    // as it was given, or in a form that keeps what it would drop
    std::string down;  // with comments on what it does not bring back
    std::vector<std::string> remarks;   // the same, as sentences without their ends
    std::vector<std::string> kept;      // what it brings back, and from where
    std::vector<std::string> unproven;  // what is not as before after it
};

// Runs an upgrade in a subtransaction, sees what has changed, takes that back, and compares; all is
// rolled back. `keep`: the revision for which columns and tables that the upgrade drops are kept
// aside; none: nothing is kept. Throws the server's errors at the lines of the upgrade, and MG010
// for what cannot run.
Derived derive_downgrade(const std::string &upgrade, const std::optional<std::string> &keep);

// The same for a revision: MG006 for a downgrade that cannot be proven, and a NOTICE that tells
// what it does not bring back.
Derived derive_for_revision(const std::string &upgrade, const std::optional<std::string> &keep);

}  // namespace migrate::engine
