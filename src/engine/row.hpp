// Columns of a stored row, by attribute number.
#pragma once

#include "pg/datum.hpp"

namespace migrate::engine {

inline std::int64_t number(const pg::Row &row, int column) {
    return std::get<std::int64_t>(row[column - 1]);
}

// Empty for NULL.
inline std::string text(const pg::Row &row, int column) {
    pg::Value const &value = row[column - 1];
    return pg::is_null(value) ? std::string() : std::get<std::string>(value);
}

inline pg::Value text_or_null(const std::string &value) {
    return value.empty() ? pg::Value() : pg::Value(value);
}

}  // namespace migrate::engine
