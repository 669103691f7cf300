// What to do about a statement that ran outside of a transaction and did not come to its end.
#pragma once

#include "engine/prepared.hpp"

namespace migrate::engine {

enum class Verdict {
    run,       // it has not run, or may run again
    finished,  // it had come to its end
    unknown    // nobody can tell: MG009
};

bool works_concurrently(core::Repeat repeat);  // CREATE, DROP or REINDEX INDEX CONCURRENTLY

// Of statement `index` of the step, which was in flight when its process ended (`crashed`), or has
// ended with an error. Call it in a transaction.
Verdict judge(const PreparedStep &step, std::size_t index, bool crashed);

// The table that a concurrent index statement works on; 0: not known.
Oid table_of(const PreparedStep &step, std::size_t index);
// The invalid indexes of the table that a concurrent index statement works on.
std::vector<std::string> invalid_indexes(const PreparedStep &step, std::size_t index);

// Drops, each in transactions of its own, the invalid indexes that the statement has left; `before`
// are those that were there before it. Call it in no transaction.
void drop_leftovers(const PreparedStep &step, std::size_t index,
                    const std::vector<std::string> &before);

// The same right after the statement has failed, in the current transaction and without waiting for
// locks. An error means that something is left.
void drop_leftovers_now(const PreparedStep &step, std::size_t index,
                        const std::vector<std::string> &before);

}  // namespace migrate::engine
