// Values that cross the border: C++ on one side, Datum on the other.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

struct Bytes {
    std::string data;
};

struct Instant {
    std::int64_t microseconds;  // since 2000-01-01 00:00 UTC, as PostgreSQL counts
};

struct Duration {
    std::int64_t microseconds;
};

using Texts = std::vector<std::string>;

// A value of a column; std::monostate is NULL.
using Value =
    std::variant<std::monostate, bool, std::int64_t, std::string, Texts, Bytes, Instant, Duration>;
using Row = std::vector<Value>;

inline bool is_null(const Value &value) {
    return value.index() == 0;
}

// While it lives, it is the current memory context, and what is allocated goes with it. An error
// leaves that to the context around, for its own data may be in it.
class ShortMemory {
 public:
    ShortMemory();
    ~ShortMemory();
    ShortMemory(const ShortMemory &) = delete;
    ShortMemory &operator=(const ShortMemory &) = delete;

 private:
    MemoryContext const outer_;
    MemoryContext own_;
    int const exceptions_;  // in flight when it was made
};

// Of a nullable text: the text, or NULL.
Value optional_text(const std::optional<std::string> &text);

// The datum of `value` for a column of `type` (bool, int2/4/8, text, name, text[], bytea,
// timestamptz, interval), in the current memory context.
Datum to_datum(const Value &value, Oid type);

// The reverse. Any other type is an internal error.
Value from_datum(Datum datum, Oid type);

std::string to_string(Datum text);
Texts to_texts(Datum array);  // NULL elements are refused: 22004

}  // namespace migrate::pg
