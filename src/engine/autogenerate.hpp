// Revisions that the difference between two schemas gives.
#pragma once

#include "engine/snapshot.hpp"
#include "schema/diff.hpp"

namespace migrate::engine {

struct Generated {
    std::vector<schema::Statement> up;
    std::vector<schema::Statement> down;
    std::vector<std::string> unproven;  // what is still different after them, or why they fail
};

struct GenerateOptions {
    bool online = false;
};

// The statements that make `desired` of the schema as it is, and back, proven by running them in a
// subtransaction that is rolled back.
Generated generate(const Reading &current, const schema::Snapshot &desired,
                   const GenerateOptions &options);

// As the text of a section.
std::string to_script(const std::vector<schema::Statement> &statements);

}  // namespace migrate::engine
