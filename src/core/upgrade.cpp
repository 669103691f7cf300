#include "core/upgrade.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/lookup.hpp"
#include "core/messages.hpp"
#include "core/order.hpp"
#include "core/planner.hpp"

namespace migrate::core {

namespace {

Error did_not_produce(const Target &target) {
    std::string_view digits = target.relative_text.substr(1);
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    return Error(Code::invalid_target,
                 fmt::format("relative target {} does not produce {} migrations",
                             quoted(target.text), shorten(digits)),
                 *target.relative > 0 ? "The graph ends before that." : "",
                 *target.relative > 0 ? "" : "An upgrade counts upwards, as in +1.");
}

// Where `+N` on a branch starts: at its current heads, or else at the newest applied revisions of
// the branch, or else before its base.
Nodes starts_on(const Graph &graph, const Nodes &current, const NodeSet &branch) {
    Nodes out;
    for (Node n : current)
        if (branch.contains(n)) out.push_back(n);
    if (!out.empty()) return out;
    const NodeSet active = graph.ancestors(current);
    NodeSet below(graph.size());
    auto on_branch = [&](Node n) { return active.contains(n) && branch.contains(n); };
    for (Node n : active.nodes())
        if (on_branch(n))
            for (Node down : graph.downs(n)) below.insert(down);
    return select(graph, [&](Node n) { return on_branch(n) && !below.contains(n); });
}

Node counted_up(const Graph &graph, const Start &start, const Target &target, bool strict) {
    std::optional<NodeSet> branch;
    if (target.label) branch = branch_members(graph, *target.label);
    const NodeSet *filter = branch ? &*branch : nullptr;
    if (!target.symbol.empty()) {
        const auto from = find_one(graph, target.symbol);
        return walk(graph, from.value_or(no_node), *target.relative, filter, strict);
    }
    Nodes starts = start.nodes;
    if (start.text && !branch) {
        if (start.text->is_relative())
            throw Error(Code::invalid_target,
                        fmt::format("target {} counts from another relative target {}",
                                    quoted(target.text), quoted(start.text->text)));
        if (const auto one = find_one(graph, start.text->symbol, start.text->label))
            starts.push_back(*one);
    } else if (start.text) {
        starts = find_all(graph, *start.text);
        if (!std::all_of(starts.begin(), starts.end(), is_revision)) throw did_not_produce(target);
    }
    if (branch) starts = starts_on(graph, starts, *branch);
    if (starts.size() > 1)
        throw Error(Code::invalid_target, "ambiguous upgrade from multiple current revisions",
                    fmt::format("They are {}.", join_ids(graph, starts)),
                    fmt::format("Name the branch, as in {}@{}.", shorten(graph.id(starts[0])),
                                shorten(target.relative_text)));
    const Node from = starts.empty() ? no_node : starts[0];
    return walk(graph, from, *target.relative, filter, strict);
}

}  // namespace

Nodes upgrade_targets(const Graph &graph, const Start &start, const Target &target, bool strict) {
    Nodes out;
    if (!target.is_relative()) {
        out = find_all(graph, target);
    } else if (*target.relative > 0) {
        out = {counted_up(graph, start, target, strict)};
    } else {
        if (target.symbol.empty()) throw did_not_produce(target);
        const auto from = find_one(graph, target.symbol, target.label);
        out = {walk(graph, from.value_or(no_node), *target.relative, nullptr, strict)};
    }
    if (!std::all_of(out.begin(), out.end(), is_revision)) throw did_not_produce(target);
    return out;
}

Plan plan_upgrade(const Graph &graph, const NodeSet &applied, std::string_view text) {
    const Target target = parse_target(graph, text);
    const Start start{current_heads(graph, applied), std::nullopt};
    const Nodes targets = upgrade_targets(graph, start, target, true);
    check_overlap(graph, targets);

    const NodeSet needed = graph.ancestors(targets);
    const NodeSet reached = graph.ancestors(start.nodes);
    NodeSet spliced(graph.size()), fresh(graph.size());
    for (Node n : needed.nodes()) {
        if (!reached.contains(n))
            fresh.insert(n);
        else if (!applied.contains(n))
            spliced.insert(n);
    }
    // What stands below an applied revision comes first: new ones may rely on it.
    Plan plan;
    plan.spliced = newest_first(graph, spliced, {});
    std::reverse(plan.spliced.begin(), plan.spliced.end());
    for (Node n : plan.spliced) plan.steps.push_back({n, Direction::up});
    const Nodes order = newest_first(graph, fresh, targets);
    for (auto n = order.rbegin(); n != order.rend(); ++n) plan.steps.push_back({*n, Direction::up});
    return plan;
}

Nodes pending(const Graph &graph, const NodeSet &applied, std::string_view target) {
    Nodes out;
    for (Step step : plan_upgrade(graph, applied, target).steps) out.push_back(step.node);
    return out;
}

}  // namespace migrate::core
