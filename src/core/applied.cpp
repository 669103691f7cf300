#include "core/applied.hpp"

#include <utility>

namespace migrate::core {

Nodes current_heads(const Graph &graph, const NodeSet &applied) {
    return graph.maximal(applied);
}

Nodes gaps(const Graph &graph, const NodeSet &applied) {
    const NodeSet closure = graph.ancestors(applied.nodes());
    return select(graph, [&](Node n) { return closure.contains(n) && !applied.contains(n); });
}

std::vector<CurrentRevision> current(const Graph &graph, const NodeSet &applied) {
    Nodes below;
    for (Node n : applied.nodes())
        for (Node parent : graph.parents(n)) below.push_back(parent);
    const NodeSet passed = graph.ancestors(below, Along::parents);
    const Nodes heads = current_heads(graph, applied);
    const NodeSet is_current_head = make_set(graph.size(), heads);
    std::vector<CurrentRevision> out;
    for (Node n : applied.nodes())
        if (!passed.contains(n))
            out.push_back(
                {n, graph.is_head(n), graph.is_real_head(n), is_current_head.contains(n)});
    return out;
}

bool at_heads(const Graph &graph, const NodeSet &applied) {
    return applied.size() == graph.size();
}

std::string_view to_string(HeadChange::Kind kind) {
    switch (kind) {
        case HeadChange::Kind::none:
            return "none";
        case HeadChange::Kind::insert:
            return "insert";
        case HeadChange::Kind::remove:
            return "delete";
        case HeadChange::Kind::update:
            return "update";
        case HeadChange::Kind::merge:
            return "merge";
        case HeadChange::Kind::unmerge:
            return "unmerge";
    }
    return "none";
}

HeadTracker::HeadTracker(const Graph &graph, NodeSet applied)
    : graph_(&graph),
      applied_(std::move(applied)),
      above_(graph.size(), 0),
      closure_(graph.ancestors(applied_.nodes())) {
    for (Node n : closure_.nodes())
        for (Node down : graph.all_down(n)) ++above_[down];
    for (Node n : closure_.nodes())
        if (above_[n] == 0) heads_.insert(n);
}

HeadChange HeadTracker::apply(Step step) {
    HeadChange change;
    if (step.direction == Direction::up ? !applied_.insert(step.node) : !applied_.erase(step.node))
        return change;
    if (step.direction == Direction::up)
        enter(step.node, change);
    else
        leave(step.node, change);

    using Kind = HeadChange::Kind;
    const std::size_t gone = change.removed.size(), come = change.added.size();
    if (gone == 0 && come == 0)
        change.kind = Kind::none;
    else if (step.direction == Direction::up)
        change.kind = gone == 0 ? Kind::insert : gone == 1 ? Kind::update : Kind::merge;
    else
        change.kind = come == 0 ? Kind::remove : come == 1 ? Kind::update : Kind::unmerge;
    return change;
}

// The node comes into the closure, and with it all that it stands on.
void HeadTracker::enter(Node n, HeadChange &change) {
    if (!closure_.insert(n)) return;
    heads_.insert(n);
    change.added.push_back(n);
    std::set<Node> covered;
    Nodes todo{n};
    while (!todo.empty()) {
        const Node at = todo.back();
        todo.pop_back();
        for (Node down : graph_->all_down(at)) {
            if (above_[down]++ == 0 && heads_.erase(down) > 0) covered.insert(down);
            if (closure_.insert(down)) todo.push_back(down);
        }
    }
    change.removed.assign(covered.begin(), covered.end());
}

// A head goes out of the closure; so do the gaps that only it stood on.
void HeadTracker::leave(Node n, HeadChange &change) {
    if (above_[n] > 0) return;
    heads_.erase(n);
    change.removed.push_back(n);
    std::set<Node> uncovered;
    Nodes todo{n};
    while (!todo.empty()) {
        const Node at = todo.back();
        todo.pop_back();
        closure_.erase(at);
        for (Node down : graph_->all_down(at)) {
            if (--above_[down] > 0) continue;
            if (applied_.contains(down)) {
                heads_.insert(down);
                uncovered.insert(down);
            } else {
                todo.push_back(down);
            }
        }
    }
    change.added.assign(uncovered.begin(), uncovered.end());
}

}  // namespace migrate::core
