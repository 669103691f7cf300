// What the reading commands show: ranges, single revisions, ranges of scripts.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/labels.hpp"
#include "core/lookup.hpp"
#include "core/messages.hpp"
#include "core/order.hpp"
#include "core/planner.hpp"
#include "core/target.hpp"
#include "core/upgrade.hpp"

namespace migrate::core {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\n\r\v\f";
    const std::size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

Error not_along(std::string_view range) {
    return Error(Code::invalid_target,
                 fmt::format("requested range {} does not refer to ancestor and descendant "
                             "revisions along the same branch",
                             quoted(range)));
}

Error outside(std::string_view text) {
    return Error(Code::invalid_target,
                 fmt::format("target {} leads outside of the graph", quoted(text)));
}

// The label that limits a range whose lower end is `branch@...`.
std::string_view limiting_label(const Graph &graph, const SpreadLabels &labels,
                                std::string_view label) {
    const Node node = find_branch(graph, label);
    if (graph.id(node) != label) return label;
    const auto carried = labels.of(node);
    if (carried.size() != 1)
        throw Error(Code::invalid_target,
                    fmt::format("revision {} does not stand for one branch", quoted(label)),
                    carried.empty() ? "It carries no branch label."
                                    : "It carries more than one branch label.",
                    "Name the branch by its label.");
    return carried[0];
}

// A lower end `-N` that ran off the graph is counted from the upper end instead.
Node counted_below(const Graph &graph, const Start &upper, const Target &lower) {
    Nodes from = upper.nodes;
    if (upper.text) from = {find_revision(graph, upper.text->text)};
    if (from.empty()) throw outside(lower.text);
    if (lower.label) {
        const NodeSet branch = branch_members(graph, *lower.label);
        Nodes found;
        for (Node n : from)
            if (branch.contains(n)) found.push_back(n);
        if (found.empty())
            for (const CurrentRevision &c : current(graph, graph.ancestors(from)))
                if (branch.contains(c.node)) found.push_back(c.node);
        if (found.size() != 1) throw outside(lower.text);
        from = found;
    }
    return walk(graph, from[0], *lower.relative, nullptr, false);
}

Nodes between(const Graph &graph, const Start &lower, const Start &upper, std::string_view range) {
    Nodes targets = upper.text ? upgrade_targets(graph, lower, *upper.text, false) : upper.nodes;
    if (lower.text && lower.text->label) {
        const SpreadLabels labels(graph);
        const auto label = limiting_label(graph, labels, *lower.text->label);
        std::erase_if(targets, [&](Node n) { return !labels.has(n, label); });
    }
    check_overlap(graph, targets);
    const NodeSet needed = graph.ancestors(targets);

    Nodes from = lower.text ? find_all(graph, *lower.text) : lower.nodes;
    for (Node n : from)
        if (n != no_node && !needed.contains(n)) throw not_along(range);
    if (!from.empty() && from[0] == no_node) {
        const Node n = counted_below(graph, upper, *lower.text);
        from.clear();
        if (n != below_base) from.push_back(n);
    }
    if (!std::all_of(from.begin(), from.end(), is_revision)) throw outside(lower.text->text);
    from = unique(from);
    check_overlap(graph, from);

    const NodeSet below = graph.ancestors(from);
    const NodeSet ends = make_set(graph.size(), from);
    const NodeSet above = graph.descendants(from, Along::parents);
    NodeSet shown(graph.size());
    for (Node n = 0; n < graph.size(); ++n)
        if (((needed.contains(n) && !below.contains(n)) || ends.contains(n)) &&
            (from.empty() || above.contains(n)))
            shown.insert(n);
    return newest_first(graph, shown, targets);
}

}  // namespace

Nodes history(const Graph &graph, const NodeSet &) {
    NodeSet all(graph.size());
    for (Node n = 0; n < graph.size(); ++n) all.insert(n);
    return newest_first(graph, all, graph.real_heads());
}

Nodes history(const Graph &graph, const NodeSet &applied, std::string_view text) {
    const auto range = parse_range(trimmed(text));
    if (!range)
        throw Error(Code::invalid_target, fmt::format("{} is not a range", quoted(text)), {},
                    "A history range is written as from:to, from: or :to.");
    const auto end = [&](std::string_view side, std::string_view otherwise) {
        if (side == "current") return Start{current_heads(graph, applied), std::nullopt};
        return Start{{}, parse_target(graph, side.empty() ? otherwise : side)};
    };
    const Start lower = end(range->from, "base"), upper = end(range->to, "heads");
    return between(graph, lower, upper, text);
}

Nodes resolve(const Graph &graph, const NodeSet &applied, std::string_view text) {
    Nodes out;
    if (text == "current") {
        for (const CurrentRevision &c : current(graph, applied)) out.push_back(c.node);
        return out;
    }
    out = find_all(graph, parse_target(graph, text));
    if (!std::all_of(out.begin(), out.end(), is_revision)) throw outside(text);
    return out;
}

Node resolve_one(const Graph &graph, std::string_view text) {
    const Target target = parse_target(graph, text);
    if (target.is_relative())
        throw Error(Code::invalid_target,
                    fmt::format("relative target {} is not allowed here", quoted(text)), {},
                    "Name the revision itself.");
    const auto found = find_one(graph, target.symbol, target.label);
    if (!found)
        throw Error(Code::invalid_target, fmt::format("{} does not name a revision", quoted(text)));
    return *found;
}

SqlPlan plan_sql(const Graph &graph, const NodeSet &applied, Direction direction,
                 std::string_view text) {
    const bool up = direction == Direction::up;
    const auto plan = [&](const NodeSet &start, std::string_view to) {
        return up ? plan_upgrade(graph, start, to) : plan_downgrade(graph, start, to);
    };
    const auto range = parse_range(text);
    if (!range) return {applied, plan(applied, text)};
    if (range->to.empty() || (range->from.empty() && !up))
        throw Error(Code::invalid_target,
                    fmt::format("range {} needs {}", quoted(text),
                                range->to.empty() ? "an end" : "a start"),
                    {}, "A range is written as from:to; current is the current state.");

    NodeSet start(graph.size());
    if (range->from == "current") {
        start = applied;
    } else if (!range->from.empty() && range->from != "base") {
        const Target from = parse_target(graph, range->from);
        if (from.is_relative())
            throw Error(Code::invalid_target,
                        fmt::format("range {} starts at a relative target", quoted(text)), {},
                        "Name the revision where it starts.");
        if (const auto node = find_one(graph, from.symbol, from.label))
            start = graph.ancestors({&*node, 1});
    }
    if (range->to != "current") return {start, plan(start, range->to)};
    const Nodes heads = current_heads(graph, applied);
    if (heads.size() > 1) throw multiple_heads(graph, heads, "current");
    return {start, plan(start, heads.empty() ? "base" : std::string_view(graph.id(heads[0])))};
}

}  // namespace migrate::core
