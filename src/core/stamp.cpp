#include "core/stamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/lookup.hpp"
#include "core/messages.hpp"
#include "core/order.hpp"
#include "core/target.hpp"

namespace migrate::core {

namespace {

struct Wanted {
    Nodes destinations;  // none: `base`
    Nodes heads;         // current heads on the branches that the targets name
};

Wanted parse(const Graph &graph, const Nodes &heads, const std::vector<std::string> &targets) {
    Wanted out;
    NodeSet concerned(graph.size());
    for (const std::string &text : targets) {
        const Target target = parse_target(graph, text);
        if (target.is_relative())
            throw Error(Code::invalid_target,
                        fmt::format("relative target {} cannot be stamped", quoted(text)), {},
                        "Name the revision itself.");
        const Nodes found = find_all(graph, target);
        Nodes named = found;
        if (target.label) named.push_back(find_branch(graph, *target.label));
        const NodeSet branch = graph.lineage(named, Along::all);
        for (Node head : heads)
            if ((named.empty() || branch.contains(head)) && concerned.insert(head))
                out.heads.push_back(head);
        out.destinations.insert(out.destinations.end(), found.begin(), found.end());
    }
    out.destinations = unique(out.destinations);
    return out;
}

}  // namespace

StampPlan plan_stamp(const Graph &graph, const NodeSet &applied,
                     const std::vector<std::string> &targets, bool purge) {
    if (targets.empty() && !purge)
        throw Error(Code::invalid_target, "no revision to stamp", {},
                    "To record that nothing is applied, stamp base.");
    const NodeSet before = purge ? NodeSet(graph.size()) : applied;
    const Nodes old_heads = current_heads(graph, before);
    const Wanted wanted = parse(graph, old_heads, targets);
    const NodeSet concerned = make_set(graph.size(), wanted.heads);

    StampPlan plan;
    NodeSet rows = make_set(graph.size(), old_heads);
    if (wanted.destinations.empty()) {
        for (Node head : wanted.heads) {
            plan.steps.push_back({{head}, {}});
            rows.erase(head);
        }
    }
    // A destination above or below some of the heads replaces all of them; the next one adds.
    const NodeSet related = graph.lineage(wanted.heads, Along::all);
    for (Node to : wanted.destinations) {
        if (concerned.contains(to)) continue;
        StampStep step{{}, {to}};
        if (related.contains(to))
            for (Node head : wanted.heads)
                if (rows.erase(head)) step.from.push_back(head);
        rows.insert(to);
        plan.steps.push_back(std::move(step));
    }
    // Every destination holds in the end, whatever a step for another one took away.
    for (Node to : wanted.destinations) rows.insert(to);
    plan.heads = graph.maximal(rows);

    const NodeSet implied = graph.ancestors(plan.heads);
    plan.applied = graph.ancestors(wanted.destinations);
    for (Node n : before.nodes())
        if (implied.contains(n)) plan.applied.insert(n);

    NodeSet added(graph.size()), removed(graph.size());
    for (Node n = 0; n < graph.size(); ++n) {
        if (plan.applied.contains(n) && !applied.contains(n)) added.insert(n);
        if (!plan.applied.contains(n) && applied.contains(n)) removed.insert(n);
    }
    plan.added = newest_first(graph, added, {});
    std::reverse(plan.added.begin(), plan.added.end());
    plan.removed = newest_first(graph, removed, {});
    return plan;
}

}  // namespace migrate::core
