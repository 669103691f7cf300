// What a parse tree says of the way its statement can run.
#pragma once

#include "core/statement.hpp"
#include "pg/prelude.hpp"

namespace migrate::pg {

// Plain data: the strings are the tree's own, or literals, or in the current memory context.
struct StatementKind {
    bool top_level = false;  // PostgreSQL refuses it in a transaction block
    core::Repeat repeat = core::Repeat::unknown;
    bool sets_session = false;
    const char *refusal = nullptr;       // it can never run from a script: why
    const char *refusal_hint = nullptr;  // and what to do
    const char *enum_value = nullptr;    // ALTER TYPE ... ADD VALUE
};

// May raise; for use inside call().
StatementKind classify(::Node *statement);

}  // namespace migrate::pg
