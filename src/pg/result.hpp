// Arguments in, rows out: what SQL-callable functions are made of.
#pragma once

#include "pg/datum.hpp"

namespace migrate::pg {

// The arguments of a call. Null where SQL gave NULL.
class Arguments {
 public:
    explicit Arguments(FunctionCallInfo fcinfo) : fcinfo_(fcinfo) {}

    bool is_null(int i) const { return fcinfo_->args[i].isnull; }
    // A required argument that is NULL is refused: 22004. `name` is its SQL name.
    std::string text(int i, const char *name) const;
    std::optional<std::string> optional_text(int i) const;
    Texts texts(int i, const char *name) const;
    bool boolean(int i, const char *name) const;
    std::int64_t bigint(int i, const char *name) const;
    double real(int i, const char *name) const;
    std::int64_t integer(int i, const char *name) const;
    Oid relation(int i, const char *name) const;
    // 22023 for one with months or days: it is meant as a time.
    std::optional<Duration> optional_duration(int i) const;
    // The members of a jsonb object whose values are strings. 22023 for anything else.
    std::vector<std::pair<std::string, std::string>> json_texts(int i, const char *name) const;
    // The same, where a value may be null.
    using Members = std::vector<std::pair<std::string, std::optional<std::string>>>;
    Members json_optional_texts(int i, const char *name) const;

    // For a function that has nothing to return.
    Datum null() const {
        fcinfo_->isnull = true;
        return Datum(0);
    }

    FunctionCallInfo raw() const { return fcinfo_; }

 private:
    void require(int i, const char *name) const;
    FunctionCallInfo fcinfo_;
};

// Rows for a function that returns a set.
class ResultSet {
 public:
    explicit ResultSet(FunctionCallInfo fcinfo);
    void add(const Row &row);

 private:
    Tuplestorestate *store_;
    TupleDesc desc_;
};

// The datum of a text result.
Datum text_result(const std::string &text);

}  // namespace migrate::pg
