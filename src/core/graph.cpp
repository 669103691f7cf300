#include "core/graph.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/messages.hpp"

namespace migrate::core {

namespace {

NodeSet closure(std::size_t size, NodeView starts, const Edges &edges) {
    NodeSet seen(size);
    Nodes todo;
    auto visit = [&](Node n) {
        if (seen.insert(n)) todo.push_back(n);
    };
    for (Node n : starts) visit(n);
    while (!todo.empty()) {
        const Node n = todo.back();
        todo.pop_back();
        for (Node next : edges[n]) visit(next);
    }
    return seen;
}

Error missing(const std::string &what, const std::string &from, const char *relation) {
    return Error(
        Code::broken_graph,
        fmt::format("revision {} referenced from {} is not present", quoted(what), quoted(from)),
        fmt::format("Revision {} names it as {}.", quoted(from), relation),
        "Load the missing revision too, or correct the one that names it.");
}

Error self_loop(const std::string &id, const char *kind) {
    return Error(Code::broken_graph,
                 fmt::format("{} is detected in revision {}", kind, quoted(id)));
}

}  // namespace

Graph::Graph(std::vector<Revision> revisions) : revisions_(std::move(revisions)) {
    index_names();
    link();
    check_cycles(Along::parents);
    check_cycles(Along::all);
    normalize_dependencies();

    heads_ = select(*this, [&](Node n) { return is_head(n); });
    real_heads_ = select(*this, [&](Node n) { return is_real_head(n); });
    bases_ = select(*this, [&](Node n) { return is_base(n); });
    real_bases_ = select(*this, [&](Node n) { return all_down_[n].empty(); });
}

// Ids first, then labels: a label may not take the name of any revision.
void Graph::index_names() {
    names_.reserve(revisions_.size());
    for (Node n = 0; n < size(); ++n) {
        const Revision &r = revisions_[n];
        if (std::find(r.parents.begin(), r.parents.end(), r.id) != r.parents.end())
            throw self_loop(r.id, "self-loop");
        if (std::find(r.depends_on.begin(), r.depends_on.end(), r.id) != r.depends_on.end())
            throw self_loop(r.id, "dependency self-loop");
        check_revision_id(r.id);
        if (!names_.emplace(r.id, n).second)
            throw Error(Code::broken_graph,
                        fmt::format("revision {} is present more than once", quoted(r.id)));
    }
    for (Node n = 0; n < size(); ++n) {
        for (const std::string &label : revisions_[n].labels) {
            check_label(label);
            auto [at, fresh] = names_.emplace(label, n);
            if (!fresh)
                throw Error(Code::broken_graph,
                            fmt::format("branch label {} in revision {} is already used by "
                                        "revision {}",
                                        quoted(label), quoted(id(n)), quoted(id(at->second))));
            labels_.push_back({label, n});
        }
    }
}

void Graph::link() {
    Nodes list;
    for (const Revision &r : revisions_) {
        list.clear();
        for (const std::string &name : r.depends_on) {
            const auto dependency = find(name);
            if (!dependency) throw missing(name, r.id, "a dependency");
            list.push_back(*dependency);
        }
        dependencies_.append(unique(list));
    }
    for (Node n = 0; n < size(); ++n) {
        list.clear();
        for (const std::string &name : revisions_[n].parents) {
            const auto parent = find(name);
            if (!parent) throw missing(name, id(n), "a parent");
            if (id(*parent) != name)
                throw Error(Code::broken_graph,
                            fmt::format("parent {} of revision {} is a branch label, not a "
                                        "revision",
                                        quoted(name), quoted(id(n))),
                            {},
                            fmt::format("The label belongs to revision {}.", quoted(id(*parent))));
            list.push_back(*parent);
        }
        parents_.append(unique(list));
        const NodeView dependencies = dependencies_[n];
        list.insert(list.end(), dependencies.begin(), dependencies.end());
        all_down_.append(unique(list));
    }
    children_ = parents_.reversed();
    all_next_ = all_down_.reversed();
}

// Takes off what stands on nothing until nothing is left; what stays has a cycle at or below it.
void Graph::check_cycles(Along along) const {
    const Edges &down = along == Along::parents ? parents_ : all_down_;
    const Edges &up = along == Along::parents ? children_ : all_next_;
    std::vector<std::size_t> waiting(size());
    Nodes todo;
    for (Node n = 0; n < size(); ++n) {
        waiting[n] = down[n].size();
        if (waiting[n] == 0) todo.push_back(n);
    }
    std::size_t done = 0;
    while (!todo.empty()) {
        const Node n = todo.back();
        todo.pop_back();
        ++done;
        for (Node next : up[n])
            if (--waiting[next] == 0) todo.push_back(next);
    }
    if (done == size()) return;

    auto stuck = [&](Node n) { return waiting[n] > 0; };
    Node at = 0;
    while (!stuck(at)) ++at;
    NodeSet seen(size());
    Nodes walk;
    while (seen.insert(at)) {
        walk.push_back(at);
        at = *std::find_if(down[at].begin(), down[at].end(), stuck);
    }
    walk.erase(walk.begin(), std::find(walk.begin(), walk.end(), at));
    std::sort(walk.begin(), walk.end());
    throw Error(
        Code::broken_graph,
        fmt::format("{} is detected in revisions {}",
                    along == Along::parents ? "cycle" : "dependency cycle", join_ids(*this, walk)),
        {}, "Each of them needs another one to be applied first; remove one of the edges.");
}

std::vector<std::string> Graph::ids(NodeView nodes) const {
    std::vector<std::string> out;
    out.reserve(nodes.size());
    for (Node n : nodes) out.push_back(id(n));
    return out;
}

std::optional<Node> Graph::find(std::string_view id_or_label) const {
    const auto at = names_.find(id_or_label);
    if (at == names_.end()) return std::nullopt;
    return at->second;
}

std::optional<Node> Graph::find_id(std::string_view id_text) const {
    const auto node = find(id_text);
    if (!node || id(*node) != id_text) return std::nullopt;
    return node;
}

Nodes Graph::branch_points() const {
    return select(*this, [&](Node n) { return is_branch_point(n); });
}

NodeSet Graph::ancestors(NodeView starts, Along along) const {
    return closure(size(), starts, along == Along::parents ? parents_ : all_down_);
}

NodeSet Graph::descendants(NodeView starts, Along along) const {
    return closure(size(), starts, along == Along::parents ? children_ : all_next_);
}

NodeSet Graph::lineage(NodeView starts, Along along) const {
    NodeSet out = ancestors(starts, along);
    for (Node n : descendants(starts, along).nodes()) out.insert(n);
    return out;
}

Nodes Graph::maximal(const NodeSet &set) const {
    const NodeSet all = ancestors(set.nodes());
    return select(*this, [&](Node n) {
        const NodeView next = all_next_[n];
        return set.contains(n) &&
               std::none_of(next.begin(), next.end(), [&](Node m) { return all.contains(m); });
    });
}

}  // namespace migrate::core
