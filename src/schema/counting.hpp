// Columns that go from a sequence of their own (serial) to identity or back, and count on.
#pragma once

#include "schema/world.hpp"

namespace migrate::schema {

// The sequence that a column of `before` owns and gives up for identity; kNone when it does not, or
// the sequence stays.
Ref sequence_given_up(const World &before, Ref column, const World &after);

// The column of `before` that gives up identity for a sequence of `after` that is new.
Ref identity_given_up(const World &before, const World &after, Ref sequence);

}  // namespace migrate::schema
