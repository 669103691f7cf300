// Names that PostgreSQL would have chosen.
#pragma once

#include <functional>

#include "pg/guard.hpp"

namespace migrate::pg {

inline constexpr std::size_t kLongestName = NAMEDATALEN - 1;

// "a_b_label", with a and b cut until it fits into a name.
std::string object_name(const std::string &a, const std::string &b, const std::string &label);

// The first of "a_b_label", "a_b_label1", ... that nobody has.
std::string choose_name(const std::string &a, const std::string &b, const std::string &label,
                        const std::function<bool(const std::string &)> &taken);

}  // namespace migrate::pg
