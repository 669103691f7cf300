// Dependencies that an ancestor already has do not count as edges of the plan.
#include <algorithm>
#include <unordered_set>

#include "core/graph.hpp"

namespace migrate::core {

namespace {

// The longest way down to a base along parents.
std::vector<std::uint32_t> depths(const Edges &parents, const Edges &children, std::size_t size) {
    std::vector<std::uint32_t> depth(size, 0);
    std::vector<std::size_t> waiting(size);
    Nodes todo;
    for (Node n = 0; n < size; ++n)
        if ((waiting[n] = parents[n].size()) == 0) todo.push_back(n);
    while (!todo.empty()) {
        const Node n = todo.back();
        todo.pop_back();
        for (Node child : children[n]) {
            depth[child] = std::max(depth[child], depth[n] + 1);
            if (--waiting[child] == 0) todo.push_back(child);
        }
    }
    return depth;
}

struct Pair {
    Node revision;
    Node dependency;
};

std::size_t distinct(Nodes nodes) {
    std::sort(nodes.begin(), nodes.end());
    return static_cast<std::size_t>(std::unique(nodes.begin(), nodes.end()) - nodes.begin());
}

}  // namespace

// A dependency d of r is dropped when a proper ancestor of r, along parents, depends on d too.
void Graph::normalize_dependencies() {
    const Edges dependents = dependencies_.reversed();
    const auto depth = depths(parents_, children_, size());
    std::vector<std::uint32_t> lowest(size(), UINT32_MAX);  // depth of the lowest dependent of d
    for (Node d = 0; d < size(); ++d)
        for (Node r : dependents[d]) lowest[d] = std::min(lowest[d], depth[r]);

    std::unordered_set<std::uint64_t> dropped;
    auto drop = [&](Node r, Node d) { dropped.insert((std::uint64_t{r} << 32) | d); };
    auto is_dropped = [&](Node r, Node d) {
        return !dropped.empty() && dropped.contains((std::uint64_t{r} << 32) | d);
    };

    // Along first parents one walk through the forest sees it all: who depends on d on the way down
    // from here. `merged`: some ancestor is not on that way.
    Nodes on_way(size(), 0);
    std::vector<bool> merged(size(), false);
    Edges first_parent;
    Nodes stack;
    for (Node n = 0; n < size(); ++n) {
        first_parent.append(parents_[n].first(is_base(n) ? 0 : 1));
        if (is_base(n)) stack.push_back(n);
    }
    const Edges followers = first_parent.reversed();
    std::vector<bool> entered(size(), false);
    while (!stack.empty()) {
        const Node n = stack.back();
        if (entered[n]) {
            stack.pop_back();
            for (Node d : dependencies_[n]) --on_way[d];
            continue;
        }
        entered[n] = true;
        merged[n] = is_merge_point(n) || (!is_base(n) && merged[parents_[n][0]]);
        for (Node d : dependencies_[n])
            if (on_way[d]++ > 0) drop(n, d);
        for (Node next : followers[n]) stack.push_back(next);
    }

    // Beyond that only these pairs can be redundant; in most graphs there are none.
    std::vector<Pair> open;
    Nodes revisions, dependencies;
    for (Node r = 0; r < size(); ++r)
        for (Node d : dependencies_[r])
            if (merged[r] && lowest[d] < depth[r] && !is_dropped(r, d)) {
                open.push_back({r, d});
                revisions.push_back(r);
                dependencies.push_back(d);
            }

    Nodes stamp(open.empty() ? 0 : size(), no_node);
    Nodes wanted = stamp;
    Nodes todo;
    // One search per revision or one per dependency, whichever are fewer.
    if (distinct(revisions) <= distinct(dependencies)) {
        for (std::size_t i = 0; i < open.size();) {
            const Node r = open[i].revision;
            std::uint32_t floor = UINT32_MAX;
            for (; i < open.size() && open[i].revision == r; ++i) {
                wanted[open[i].dependency] = r;
                floor = std::min(floor, lowest[open[i].dependency]);
            }
            todo.assign(1, r);
            while (!todo.empty()) {
                const Node n = todo.back();
                todo.pop_back();
                for (Node p : parents_[n]) {
                    if (depth[p] < floor || stamp[p] == r) continue;
                    stamp[p] = r;
                    for (Node d : dependencies_[p])
                        if (wanted[d] == r) drop(r, d);
                    todo.push_back(p);
                }
            }
        }
    } else {
        for (Node d : unique(dependencies)) {
            std::uint32_t ceiling = 0;
            for (Node r : dependents[d]) {
                ceiling = std::max(ceiling, depth[r]);
                todo.push_back(r);
            }
            while (!todo.empty()) {
                const Node n = todo.back();
                todo.pop_back();
                for (Node child : children_[n]) {
                    if (depth[child] > ceiling || stamp[child] == d) continue;
                    stamp[child] = d;
                    todo.push_back(child);
                }
            }
            for (Node r : dependents[d])
                if (stamp[r] == d) drop(r, d);
        }
    }

    Nodes list;
    for (Node n = 0; n < size(); ++n) {
        list.assign(parents_[n].begin(), parents_[n].end());
        for (Node d : dependencies_[n])
            if (!is_dropped(n, d)) list.push_back(d);
        downs_.append(unique(list));
    }
}

}  // namespace migrate::core
