// Running the statements of one step, and writing down that it ran. Used by both hosts.
#pragma once

#include "engine/prepared.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

// The record of a run, and of a step of it, that begins now; its status is still to be said.
Run begin_run(const char *command, const std::string &target, const pg::Caller &caller,
              const char *host);
RunStep begin_step(const PreparedStep &step, std::size_t number);

// Statements [first, last) of the step's section, in the current transaction.
void run_statements(const PreparedStep &step, std::size_t first, std::size_t last);

// One statement to see what it does, in a transaction that is going to be rolled back.
pg::Section::Trial try_statement(const PreparedStep &step, std::size_t index);

// Adds the table locks that these statements are going to take.
void add_locks(const PreparedStep &step, std::size_t first, std::size_t last,
               pg::RelationLocks &locks);

// One statement outside of a transaction block; in no transaction before and after.
void run_alone(const PreparedStep &step, std::size_t index);

// An error of our own at a statement, with its place in the file.
[[noreturn]] void fail_at(const PreparedStep &step, std::size_t index, const core::Error &error);

// The verify section of an upgrade: MG011 when a statement fails, or when a query's first column
// is a boolean that is not true.
void run_verify(const PreparedStep &step);

// Puts the revision into the ledger as applied by this run at that time, or takes it out.
void record_step(const PreparedStep &step, const Run &run, pg::Instant at);

// Brings the sums up to date after steps.
void record_heads(const core::HeadTracker &heads, const core::Graph &graph);

// "Running upgrade a, b -> c, message", as Alembic says it.
std::string announcement(const core::Graph &graph, core::Step step);

}  // namespace migrate::engine
