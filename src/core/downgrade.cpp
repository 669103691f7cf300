#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/lookup.hpp"
#include "core/messages.hpp"
#include "core/order.hpp"
#include "core/planner.hpp"
#include "core/target.hpp"

namespace migrate::core {

namespace {

// Where a downgrade leads.
struct Destination {
    Node node = below_base;      // below_base: nothing stays
    bool inclusive = false;      // the revision itself goes too
    std::optional<Node> branch;  // chooses among several ways up
    bool counted_from_current = false;
};

Error too_far(const Target &target, bool own) {
    const std::string_view digits = target.relative_text.substr(1);
    if (own)
        return Error(Code::invalid_target,
                     fmt::format("relative target {} does not produce {} migrations",
                                 quoted(target.text), shorten(digits)));
    return Error(Code::invalid_target, fmt::format("walked too far: target {} is outside of the "
                                                   "graph",
                                                   quoted(target.text)));
}

// The revision from which -N and branch@-N count.
Node counted_from(const Graph &graph, const NodeSet &applied, const Target &target) {
    const Nodes heads = current_heads(graph, applied);
    if (!target.label) {
        if (heads.empty()) throw too_far(target, true);
        if (heads.size() > 1)
            throw Error(Code::multiple_heads,
                        fmt::format("target {} is ambiguous with multiple current heads",
                                    quoted(target.text)),
                        fmt::format("The current heads are {}.", join_ids(graph, heads)),
                        fmt::format("Name the branch, as in {}@{}.", shorten(graph.id(heads[0])),
                                    shorten(target.relative_text)));
        return heads[0];
    }
    const NodeSet branch = branch_members(graph, *target.label);
    Nodes found;
    for (Node n : heads)
        if (branch.contains(n)) found.push_back(n);
    if (found.empty())
        for (const CurrentRevision &c :
             current(graph, make_set(graph.size(), graph.ancestors(heads).nodes())))
            if (branch.contains(c.node)) found.push_back(c.node);
    if (found.empty())
        throw Error(Code::invalid_target,
                    fmt::format("no revision of branch {} is applied", quoted(*target.label)));
    if (found.size() > 1)
        throw Error(Code::multiple_heads,
                    fmt::format("target {} is ambiguous with multiple current revisions on the "
                                "branch",
                                quoted(target.text)),
                    fmt::format("They are {}.", join_ids(graph, found)),
                    fmt::format("Name one of them, as in {}@{}.", shorten(graph.id(found[0])),
                                shorten(target.relative_text)));
    return found[0];
}

Destination parse(const Graph &graph, const NodeSet &applied, const Target &target) {
    Destination out;
    if (target.label) out.branch = find_branch(graph, *target.label);
    if (!target.is_relative()) {
        // Alembic's rule: the branch does not help to find the revision.
        out.node = find_one(graph, target.symbol).value_or(below_base);
    } else if (*target.relative >= 0) {
        if (target.symbol.empty())
            throw Error(Code::invalid_target,
                        fmt::format("relative target {} is not a downgrade", quoted(target.text)),
                        {}, "A downgrade counts downwards, as in -1.");
        std::optional<NodeSet> branch;
        if (target.label) branch = branch_members(graph, *target.label);
        const Node from = find_one(graph, target.symbol).value_or(no_node);
        out.node = walk(graph, from, *target.relative, branch ? &*branch : nullptr, true);
    } else if (!target.symbol.empty()) {
        const Node from = find_one(graph, target.symbol, target.label).value_or(no_node);
        out.node = walk(graph, from, *target.relative, nullptr, true);
    } else {
        const Node from = counted_from(graph, applied, target);
        if (!out.branch) out.branch = from;
        out.counted_from_current = true;
        const Node last = walk(graph, from, *target.relative + 1, nullptr, true);
        // The last step may undo a merge: then all its parents become current.
        out.inclusive = is_revision(last) && graph.is_merge_point(last);
        out.node = out.inclusive     ? last
                   : last == no_node ? no_node
                                     : walk(graph, last, -1, nullptr, true);
    }
    if (out.node == no_node) throw too_far(target, out.counted_from_current);
    return out;
}

// A branch is named: nothing outside of it may go with it.
void check_stays_on_branch(const Graph &graph, const Target &target, const Nodes &dropped) {
    const NodeSet branch = branch_members(graph, *target.label);
    Nodes outside;
    for (Node n : dropped)
        if (!branch.contains(n)) outside.push_back(n);
    if (outside.empty()) return;
    throw Error(Code::invalid_target,
                fmt::format("target {} would take down revisions outside of the branch",
                            quoted(target.text)),
                fmt::format("They are {}.", join_ids(graph, outside)),
                "Name the revision where the downgrade is to end, or base for everything.");
}

}  // namespace

Plan plan_downgrade(const Graph &graph, const NodeSet &applied, std::string_view text) {
    const Target target = parse_target(graph, text);
    const Destination to = parse(graph, applied, target);
    const bool to_base = to.node == below_base;
    if (target.label && !to_base && !branch_members(graph, *target.label).contains(to.node))
        throw Error(Code::invalid_target,
                    fmt::format("revision {} is not a member of branch {}",
                                quoted(graph.id(to.node)), quoted(*target.label)));

    Nodes roots;
    if (to_base) {
        roots = graph.bases();
    } else if (to.inclusive) {
        roots = {to.node};
    } else {
        const NodeView children = graph.children(to.node);
        roots.assign(children.begin(), children.end());
    }
    if (to.branch && roots.size() > 1) {
        const NodeSet keep = graph.ancestors({&*to.branch, 1}, Along::parents);
        std::erase_if(roots, [&](Node n) { return !keep.contains(n); });
        if (roots.empty())
            throw Error(Code::invalid_target,
                        fmt::format("target {} is not a valid downgrade target from current heads",
                                    quoted(text)),
                        "No revision that follows it leads to the branch.");
    }

    // Gaps take part in finding the way, but only what is applied is taken down.
    const Nodes heads = current_heads(graph, applied);
    const NodeSet active = graph.ancestors(heads);
    NodeSet drop(graph.size());
    for (Node n : graph.descendants(roots).nodes())
        if (active.contains(n)) drop.insert(n);
    if (drop.empty() && !to_base && std::find(heads.begin(), heads.end(), to.node) == heads.end())
        throw Error(Code::invalid_target,
                    fmt::format("destination {} is not a valid downgrade target from current "
                                "heads",
                                quoted(text)),
                    heads.empty()
                        ? std::string("Nothing is applied.")
                        : fmt::format("The current heads are {}.", join_ids(graph, heads)));

    Nodes order = newest_first(graph, drop, heads);
    std::erase_if(order, [&](Node n) { return !applied.contains(n); });
    if (target.label && to_base) check_stays_on_branch(graph, target, order);
    Plan plan;
    for (Node n : order) plan.steps.push_back({n, Direction::down});
    return plan;
}

}  // namespace migrate::core
