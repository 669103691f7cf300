// Revisions that the difference between two schemas gives.
#pragma once

#include "engine/snapshot.hpp"
#include "schema/diff.hpp"
#include "schema/filter.hpp"
#include "schema/rename.hpp"

namespace migrate::engine {

struct GenerateOptions {
    schema::Filter filter;
    schema::RenameOptions renames;
    // Renames of at least that confidence are taken; migrate.autogenerate() has the same default.
    double rename_threshold = 0.9;
    bool online = false;
    bool tolerant = false;  // a statement that fails when it is tried is no error
    // The change has been made: what is desired is what was there, and `up` becomes the downgrade.
    bool backwards = false;
    std::string way_on;  // the hint where it is one
};

struct Generated {
    std::vector<schema::Statement> up;
    std::vector<schema::Statement> down;
    std::vector<schema::Rename> renames;  // taken
    std::vector<schema::Rename> offers;   // not sure enough to be taken
    std::vector<std::string> unproven;    // what is still different after the statements
    std::string refused;                  // why the rows as they are do not allow the way back
    std::vector<std::string> emptied;     // large tables, whose rows have not been tried
};

// Tells the user what has been taken for renamed, and what has not been shown.
void report(const Generated &generated, bool backwards);

// Which schema is wanted: one of the three.
struct Target {
    std::optional<std::string> ddl;
    std::optional<std::string> schema;  // of this database, in place of the one of the filter
    std::optional<std::string> database;
};
// The statements that make `desired` of the schema as it is, and back, proven by running them in a
// subtransaction that is rolled back. Both snapshots are filtered.
Generated generate(const schema::Snapshot &current, const schema::Snapshot &desired,
                   const GenerateOptions &options);
// The same with the schema as it is and a target; takes its turn among runs, and holds no lock
// afterwards.
Generated generate(const Target &target, const GenerateOptions &options);

// Whether they keep somebody waiting unless each commits: what scans while readers and writers go
// on does so only when the lock of the statement before it has gone.
bool want_commits(const std::vector<schema::Statement> &statements);

// As the text of a section: with what the statements may do to rows as comments.
std::string to_script(const std::vector<schema::Statement> &statements);

}  // namespace migrate::engine
