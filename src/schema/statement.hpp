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

// When ALTER TABLE carries out what it is told, whatever the order in which it is told (AT_PASS_*
// of PostgreSQL's tablecmds.c).
enum class Pass : std::uint8_t {
    alone,  // not together with anything else
    drop,
    type,
    column,
    constraint,
    attribute,
    value,
    rest,
};

struct Statement {
    std::string sql;  // without the semicolon
    std::vector<Hazard> hazards;
    Kind kind{};
    std::string object;  // identity
    Change change{};
    bool transactional = true;
    Pass pass = Pass::alone;
    std::size_t action = 0;  // of ALTER TABLE that need not be alone: where it begins
    bool goes_on = false;    // it is one with the statement before
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
        Statement &statement = statements_.emplace_back();
        statement.sql = std::move(sql);
        statement.hazards = std::move(hazards);
        statement.kind = kind_;
        statement.object = object_;
        statement.change = change_;
        return statement;
    }
    // `table`: with ONLY, if need be.
    Statement &alter_table(const std::string &table, Pass pass, const std::string &action,
                           std::vector<Hazard> hazards = {}) {
        std::string const head = "ALTER TABLE " + table + " ";
        Statement &statement = add(head + action, std::move(hazards));
        statement.pass = pass;
        if (pass != Pass::alone) statement.action = head.size();
        return statement;
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
