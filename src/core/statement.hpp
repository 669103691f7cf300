// What the engine knows of one statement of a section, without its parse tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

// What a second run of a statement that was interrupted does.
enum class Repeat {
    unknown,      // may do harm: somebody has to judge
    harmless,     // the same again
    build_index,  // CREATE INDEX CONCURRENTLY: leaves an invalid index, or a finished one
    rebuild,      // REINDEX CONCURRENTLY: leaves invalid copies
    drop_index,   // DROP INDEX CONCURRENTLY: may have dropped it
};

struct Statement {
    std::uint32_t begin;  // byte offsets in the section, from the first token to the last
    std::uint32_t end;
    bool transactional = true;
    Repeat repeat = Repeat::unknown;
    std::string added_enum_value;  // ALTER TYPE ... ADD VALUE: the value, and the type
    std::string enum_type;
    std::string created_type;  // CREATE TYPE ... AS ENUM: the type
};

using Statements = std::vector<Statement>;

// Statements [first, last) that run in one transaction; or the one that runs outside of any.
struct Group {
    std::size_t first;
    std::size_t last;
    bool transactional;
};

// How a run that may commit cuts a section: as few transactions as there can be.
std::vector<Group> cut_groups(const Statements &statements);

// A new enum value can be used only after the transaction that added it has committed, unless the
// same transaction created the type. Ends the transaction after each such statement whose value is
// named later on, by making it stand alone. `sources` are the sections' texts in the order in
// which one transaction would run them.
struct SectionStatements {
    std::string_view source;
    Statements *statements;
};
void isolate_enum_values(const std::vector<SectionStatements> &sections);

}  // namespace migrate::core
