// Columns that go from a sequence (serial) to identity or back, and count on.
#pragma once

#include "schema/world.hpp"

namespace migrate::schema {

// The sequence whose next value is the default of a column; kNone when the default is not that.
Ref counted_with(const World &world, Ref column);

// The sequence that a column of `before` counts with, and that goes when the column gets identity;
// kNone when there is none, or it stays.
Ref sequence_given_up(const World &before, Ref column, const World &after);

// The column of `before` that gives up identity for a sequence of `after` that is new.
Ref identity_given_up(const World &before, const World &after, Ref sequence);

}  // namespace migrate::schema
