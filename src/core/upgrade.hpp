// What upgrades and ranges have in common: the revisions that an upper end means.
#pragma once

#include <optional>

#include "core/graph.hpp"
#include "core/target.hpp"

namespace migrate::core {

// Where an upgrade or a range begins: at some revisions, or at what a text names.
struct Start {
    Nodes nodes;
    std::optional<Target> text;
};

// The revisions that the target names, a step relative to the start included. A walk that leaves
// the graph throws MG014 (strict), or stays where it ends.
Nodes upgrade_targets(const Graph &graph, const Start &start, const Target &target, bool strict);

}  // namespace migrate::core
