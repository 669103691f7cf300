// Where a new revision goes in the graph.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/graph.hpp"

namespace migrate::core {

// A request for a new revision, as the user gives it.
struct RevisionRequest {
    std::string id;
    std::vector<std::string> heads = {"head"};  // targets; {"base"} or none: a new base
    bool splice = false;                        // allow a parent that is not a head
    std::vector<std::string> labels = {};
    std::vector<std::string> depends_on = {};  // targets; a label stays a label
};

// The same with full names, ready to be stored.
struct NewRevision {
    std::string id;
    std::vector<std::string> parents;
    std::vector<std::string> labels;
    std::vector<std::string> depends_on;
};

// Throws MG001, MG002, MG003 and MG014 as targets do, MG014 for a parent that is not a head (and
// no splice), for a parent given twice and for an illegal name, MG008 for a name already used.
NewRevision place_revision(const Graph &graph, const RevisionRequest &request);

// The same for a merge: `heads` means all real heads, and MG014 when fewer than two are merged.
NewRevision place_merge(const Graph &graph, const RevisionRequest &request);

}  // namespace migrate::core
