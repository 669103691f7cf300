// Showing that statements do what they are meant to do: by running them where all is taken back.
#pragma once

#include "engine/snapshot.hpp"
#include "schema/diff.hpp"

namespace migrate::engine {

// How statements for this session are written.
schema::DiffOptions diff_options();

// Runs statements, from number `first` on, as they are going to run, but all in this transaction.
// Returns the number of the one that fails through `failed`.
void run_all(const std::vector<schema::Statement> &statements, std::size_t first,
             std::size_t &failed);

// What is still different is changed by further statements, which it adds and has run. Returns what
// is different even then.
using Look = std::function<schema::Snapshot()>;
using RunPlan = std::function<void(const std::vector<schema::Statement> &statements,
                                   std::size_t first, std::size_t &failed)>;
std::vector<std::string> arrive(const schema::Snapshot &wanted, const schema::DiffOptions &options,
                                const Look &look, std::vector<schema::Statement> &statements,
                                std::size_t &failed, const RunPlan &run = run_all);

// Fails (40001) when other sessions have changed the schema since: their changes would count as
// those of what was tried.
void require_unchanged(const schema::Snapshot &before, const schema::Snapshot &now);

// After statement `failed` has failed: whether it can be done in another way, and from now on is.
// What is one with others goes alone; an object that holds no data is dropped and created.
bool find_another_way(const std::vector<schema::Statement> &statements, std::size_t failed,
                      const std::string &sqlstate, schema::DiffOptions &options);

// The objects in which a schema is not as wanted, each as "kind identity: how". What belongs to an
// object that is not there, or should not be, goes without saying.
std::vector<std::string> deviations(const schema::Snapshot &reached,
                                    const schema::Snapshot &wanted);

}  // namespace migrate::engine
