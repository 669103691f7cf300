#include "core/labels.hpp"

#include <algorithm>

namespace migrate::core {

namespace {

// Nodes so that each comes after its parents.
Nodes parents_first(const Graph &graph) {
    std::vector<std::size_t> waiting(graph.size());
    Nodes order;
    order.reserve(graph.size());
    for (Node n = 0; n < graph.size(); ++n)
        if ((waiting[n] = graph.parents(n).size()) == 0) order.push_back(n);
    for (std::size_t i = 0; i < order.size(); ++i)
        for (Node child : graph.children(order[i]))
            if (--waiting[child] == 0) order.push_back(child);
    return order;
}

}  // namespace

// Sets of labels would be quadratic where every revision has one; so only remember, for each node,
// the nearest one at or below it where labels come together.
SpreadLabels::SpreadLabels(const Graph &graph) : graph_(&graph), source_(graph.size(), no_node) {
    if (graph.labels().empty()) return;
    const Nodes order = parents_first(graph);
    for (Node n : order) {
        const NodeView parents = graph.parents(n);
        bool joins = !graph[n].labels.empty();
        Node source = no_node;
        for (Node p : parents) {
            if (source_[p] == no_node) continue;
            if (source != no_node && source != source_[p]) joins = true;
            source = source_[p];
        }
        source_[n] = joins ? n : source;
    }
    // A plain line up to a head carries the labels of its head all the way down.
    below_ = source_;
    std::vector<bool> line(graph.size(), false);
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const Node n = *at;
        if (graph.all_next(n).size() > 1 || graph.is_merge_point(n)) continue;
        const NodeView children = graph.children(n);
        if (!children.empty() && !line[children[0]]) continue;
        line[n] = true;
        if (!children.empty()) source_[n] = source_[children[0]];
    }
}

std::vector<std::string_view> SpreadLabels::of(Node n) const {
    std::vector<std::string_view> out;
    if (source_[n] == no_node) return out;
    Nodes found{source_[n]};
    NodeSet seen(graph_->size());
    seen.insert(source_[n]);
    for (std::size_t i = 0; i < found.size(); ++i)
        for (Node p : graph_->parents(found[i]))
            if (below_[p] != no_node && seen.insert(below_[p])) found.push_back(below_[p]);
    std::sort(found.begin(), found.end());
    for (Node source : found)
        for (const std::string &label : (*graph_)[source].labels) out.push_back(label);
    return out;
}

bool SpreadLabels::has(Node n, std::string_view label) const {
    const auto labels = of(n);
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

}  // namespace migrate::core
