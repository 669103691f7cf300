// What the engine knows of one statement of a section, without its parse tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

// What is left of a statement that did not come to its end, and whether it can run again.
enum class Repeat {
    unknown,      // it may commit on its way (CALL, DO): somebody has to judge
    once,         // all or nothing, but not twice
    harmless,     // the same again
    build_index,  // CREATE INDEX CONCURRENTLY: leaves an invalid index, or a finished one
    rebuild,      // REINDEX CONCURRENTLY: leaves invalid copies
    drop_index,   // DROP INDEX CONCURRENTLY: may have dropped it
    detach,       // DETACH PARTITION CONCURRENTLY: has two transactions
    resume,       // CALL migrate.backfill and the like: goes on where it stopped
};

struct Statement {
    std::uint32_t begin;  // byte offsets in the section, from the first token to the last
    std::uint32_t end;
    bool transactional = true;
    Repeat repeat = Repeat::unknown;
    bool sets_session = false;  // SET or RESET: what comes later in the section counts on it
    std::optional<std::string> added_enum_value;  // of ALTER TYPE ... ADD VALUE
};

using Statements = std::vector<Statement>;

bool all_transactional(const Statements &statements);

// Statements [first, last) that run in one transaction; or the one that runs outside of any.
struct Group {
    std::size_t first;
    std::size_t last;
    bool transactional;
};

// How a run that may commit cuts a section: as few transactions as there can be.
std::vector<Group> cut_groups(const Statements &statements);

struct SectionStatements {
    std::string_view source;
    Statements *statements;
};

// A new enum value can be used only after the transaction that added it has committed (PostgreSQL
// before 17: also where the same transaction created the type). Makes each statement stand alone
// that adds a value which is named later on. The sections come in the order in which one
// transaction would run them.
void isolate_enum_values(const std::vector<SectionStatements> &sections);

}  // namespace migrate::core
