// Stamping: say what is applied, and run nothing.
#pragma once

#include <string>
#include <vector>

#include "core/applied.hpp"
#include "core/graph.hpp"

namespace migrate::core {

struct StampStep {
    Nodes from;  // current heads that go; empty: one more head
    Nodes to;    // the head that comes; empty: the branch is taken off
    bool operator==(const StampStep &) const = default;
};

struct StampPlan {
    std::vector<StampStep> steps;  // in Alembic's order; empty: no head changes
    NodeSet applied;               // what is applied afterwards
    Nodes heads;                   // the current heads afterwards, in creation order
    Nodes added;                   // newly applied, an ancestor before what stands on it
    Nodes removed;                 // no longer applied, newest first
};

// Every target ends up applied with all that it stands on, gaps filled; the current heads on the
// branches of the targets go. No targets mean `base`. `purge` starts from nothing.
// Throws as plans do; MG014 for relative targets and ranges.
StampPlan plan_stamp(const Graph &graph, const NodeSet &applied,
                     const std::vector<std::string> &targets, bool purge);

}  // namespace migrate::core
