// What makes one schema the other.
#pragma once

#include <set>

#include "schema/render.hpp"

namespace migrate::schema {

struct DiffOptions {
    Style style;
    // Objects ("kind identity") that are dropped and created although PostgreSQL might alter them;
    // sequences, also those of columns, begin anew instead.
    std::set<std::string> replaced;
    // Each ALTER TABLE does one thing, so that it shows which of them fails.
    bool apart = false;
};

// The statements that turn `from` into `to`, in an order in which they can run, with those marked
// that are one with others (joined.hpp). A pure function: the way back is the same with its
// arguments exchanged.
std::vector<Statement> diff(const Snapshot &from, const Snapshot &to, const DiffOptions &options);

}  // namespace migrate::schema
