// Plans: from the applied set and a target to the ordered steps.
//
// A target is text: `head`, `heads`, `base`, an id, a label or a unique prefix of them, `+N`, `-N`,
// `id+N`, `id-N`, each with `branch@` before it. Refusals: MG001 for what no revision has, MG002
// for a prefix of several, MG003 for several heads where one is meant, MG008 for targets that
// overlap, MG014 for anything else that does not lead to a state.
#pragma once

#include <string_view>
#include <vector>

#include "core/applied.hpp"
#include "core/graph.hpp"

namespace migrate::core {

struct Plan {
    std::vector<Step> steps;
    Nodes spliced;  // the gaps that an upgrade fills; they are the first steps
};

Plan plan_upgrade(const Graph &graph, const NodeSet &applied, std::string_view target);
Plan plan_downgrade(const Graph &graph, const NodeSet &applied, std::string_view target);

// A plan for a script: where it starts may differ from the current state.
struct SqlPlan {
    NodeSet start;  // applied before the first step
    Plan plan;
};

// `from:to`, where `from` is one revision, `current`, or (upgrade only) `base` or nothing; or one
// target, which starts from the current state.
SqlPlan plan_sql(const Graph &graph, const NodeSet &applied, Direction direction,
                 std::string_view target);

// What an upgrade to the target would run, in that order.
Nodes pending(const Graph &graph, const NodeSet &applied, std::string_view target);

// Newest first, both ends included. The range is `from:to`, `from:` or `:to`; each end is a target
// or `current`. No range: everything.
Nodes history(const Graph &graph, const NodeSet &applied);
Nodes history(const Graph &graph, const NodeSet &applied, std::string_view range);

// The revisions that a target without a relative step names (but `-N` and `branch@-N`, counted
// from the heads, are allowed), or `current`. None for `base`.
Nodes resolve(const Graph &graph, const NodeSet &applied, std::string_view target);

// The one revision that a text names. Throws MG003 for several, MG014 for `base`.
Node resolve_one(const Graph &graph, std::string_view target);

}  // namespace migrate::core
