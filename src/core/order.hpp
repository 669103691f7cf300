// The order of steps.
#pragma once

#include "core/graph.hpp"

namespace migrate::core {

// The nodes of `todo`, each before what it stands on, in Alembic's order: from the tips, which are
// taken in creation order, each line is followed down for as long as nothing else stands on it.
// An upgrade runs the reverse.
Nodes newest_first(const Graph &graph, const NodeSet &todo, NodeView tips);

}  // namespace migrate::core
