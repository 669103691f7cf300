// What a plan is made of: statements, each with what it may do to those who are at work.
#pragma once

#include <string>
#include <vector>

#include "schema/kind.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

enum class Risk : std::uint8_t {
    loses_data,   // rows or values are gone, or values become others
    rewrites,     // the table is written anew, under a lock that keeps readers out
    scans,        // all rows are read, under a lock that keeps writers out
    locks,        // readers and writers wait while it is done, which is short once it has the lock
    may_fail,     // on rows as they are
    breaks_code,  // what running programs send may fail, or give something else
};
std::string_view to_string(Risk risk);

struct Hazard {
    Risk risk;
    std::string text;  // a sentence
};

enum class Change : std::uint8_t { create, alter, drop, rename };
std::string_view to_string(Change change);

struct Statement {
    std::string sql;  // without the semicolon
    std::vector<Hazard> hazards;
    Kind kind{};
    std::string object;  // identity
    Change change{};
    bool transactional = true;
};

// Takes the statements for one object.
class Script {
 public:
    void about(Kind kind, std::string object, Change change) {
        kind_ = kind;
        object_ = std::move(object);
        change_ = change;
    }
    Statement &add(std::string sql, std::vector<Hazard> hazards = {}) {
        if (kind_ != Kind::function && kind_ != Kind::procedure) sql = stable(std::move(sql));
        if (sql.find('\r') != std::string::npos) sql = without_carriage_returns(sql);
        return statements_.emplace_back(
            Statement{std::move(sql), std::move(hazards), kind_, object_, change_, true});
    }
    bool empty() const { return statements_.empty(); }
    std::vector<Statement> take() { return std::move(statements_); }

 private:
    std::vector<Statement> statements_;
    Kind kind_{};
    std::string object_;
    Change change_{};
};

}  // namespace migrate::schema
