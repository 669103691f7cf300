// The server's own scanner and grammar, applied to scripts.
#pragma once

#include "core/lex.hpp"
#include "core/statement.hpp"
#include "pg/effect.hpp"
#include "pg/guard.hpp"
#include "pg/index_work.hpp"
#include "pg/lock_plan.hpp"

namespace migrate::pg {

// The tokens of `text`. Throws PgError (42601) for an unterminated string or comment; its cursor
// position counts characters of `text`. standard_conforming_strings counts as on.
core::Tokens scan(const std::string &text);

// A section as the grammar cuts it. The parse trees live as long as the object, across commits.
class Section {
 public:
    // Throws PgError with a cursor position in `text` where it does not parse.
    explicit Section(std::string text);

    const std::string &text() const { return text_; }
    core::Statements &statements() { return statements_; }
    const core::Statements &statements() const { return statements_; }

    // Runs statement `index` inside the current transaction, as a function would; what it returns
    // is thrown away. With `assertion`, a boolean in the first column that is not true is told.
    // Returns false in that case, true otherwise.
    bool run(std::size_t index, bool assertion = false) const;

    // Runs it as a client's own command: outside of a transaction block, so in no transaction at
    // entry and in none at exit.
    void run_top_level(std::size_t index) const;

    // Runs it inside the current transaction even if PostgreSQL would refuse that: in the form
    // without CONCURRENTLY, without a connection. False: there is no such form, and it has no
    // effect on the schema (VACUUM).
    bool run_in_transaction(std::size_t index) const;

    // The same where all is going to be rolled back: also without building a concurrent index.
    enum class Trial { as_it_is, in_transaction, unbuilt, left_out };
    Trial try_out(std::size_t index) const;
    bool runs_alone(std::size_t index) const;  // PostgreSQL refuses it in a transaction block

    // What a CREATE EXTENSION or CREATE SCHEMA is about; empty names for other statements.
    struct ExtensionRequest {
        std::string name;
        std::string schema;   // empty: not said
        std::string version;  // the same
    };
    ExtensionRequest extension_request(std::size_t index) const;
    std::string created_schema(std::size_t index) const;
    bool is_bracket(std::size_t index) const;  // BEGIN, COMMIT

    // What the statement does to rows.
    RowChange row_change(std::size_t index) const;
    DroppedData dropped_data(std::size_t index) const;

    // Adds the table locks that statement `index` is going to take (pg/lock_plan.hpp).
    void add_locks(std::size_t index, RelationLocks &locks) const;

    // The index and table that a concurrent index statement is about; whether an index is one that
    // the CREATE INDEX would make, as far as its columns tell.
    IndexWork index_work(std::size_t index) const;
    bool builds(std::size_t index, Oid oid) const;
    // What an ALTER TABLE ... DETACH PARTITION is about.
    DetachWork detach_work(std::size_t index) const;

    // Why a statement can never run from a script ("" when it can), and the hint to that.
    struct Refusal {
        std::size_t statement;
        std::string message;
        std::string hint;
    };
    const std::vector<Refusal> &refusals() const { return refusals_; }

 private:
    struct Release {
        void operator()(MemoryContext context) const { MemoryContextDelete(context); }
    };
    std::string text_;
    std::unique_ptr<MemoryContextData, Release> memory_;
    List *trees_ = nullptr;
    core::Statements statements_;
    std::vector<Refusal> refusals_;
};

}  // namespace migrate::pg
