// What to do about a statement that ran outside of a transaction and did not come to its end.
#pragma once

#include "engine/prepared.hpp"

namespace migrate::engine {

enum class Verdict {
    run,       // it has not run, or may run again
    finished,  // it had come to its end
    finalize,  // DETACH PARTITION CONCURRENTLY: the second half of it is missing
    unknown    // nobody can tell
};

bool works_concurrently(core::Repeat repeat);  // CREATE, DROP or REINDEX INDEX CONCURRENTLY

// What statement `index` of the step finds before it runs, as OIDs with marks: of a CREATE INDEX
// CONCURRENTLY the table's indexes, of a REINDEX the invalid copies that are somebody else's, of a
// DROP INDEX the index, of a DETACH the partition. Call it in a transaction, as judge().
std::vector<std::string> look(const PreparedStep &step, std::size_t index);

// Of a statement that was begun when look() had given `found`, and was interrupted or has failed.
Verdict judge(const PreparedStep &step, std::size_t index, const std::vector<std::string> &found);

// The table that a concurrent index statement works on; 0: not known.
Oid table_of(const PreparedStep &step, std::size_t index);

// Whether nothing is left of a statement that has failed.
bool left_nothing(const PreparedStep &step, std::size_t index,
                  const std::vector<std::string> &found);

// Drops, each in transactions of its own, the invalid indexes that the statement has left. Call it
// in no transaction.
void drop_leftovers(const PreparedStep &step, std::size_t index,
                    const std::vector<std::string> &found);

// The same right after the statement has failed, in the current transaction and without waiting for
// locks. An error means that something is left.
void drop_leftovers_now(const PreparedStep &step, std::size_t index,
                        const std::vector<std::string> &found);

// An invalid index of another origin that a CREATE INDEX CONCURRENTLY IF NOT EXISTS would take for
// its own is rebuilt first, or refused with 42P07 where it has other columns; one that is half
// dropped is dropped. Call it in no transaction.
void rebuild_kept(const PreparedStep &step, std::size_t index);

// Ends an interrupted DETACH PARTITION CONCURRENTLY. Call it in no transaction.
void finalize_detach(const PreparedStep &step, std::size_t index);

}  // namespace migrate::engine
