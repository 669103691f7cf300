// Names that things of several kinds share.
#pragma once

#include "schema/world.hpp"

namespace migrate::schema {

// What nothing else may be called as long as this object has its name: relations among each other,
// with the indexes of constraints; routines; statistics; types, with those that relations have of
// their rows.
std::vector<std::string> taken_names(const World &world, Ref ref);

}  // namespace migrate::schema
