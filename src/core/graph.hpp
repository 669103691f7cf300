// The revision graph: parents, dependencies, labels, and what follows from them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "core/node.hpp"

namespace migrate::core {

// What the graph knows of one revision. `depends_on` names revisions or labels by their full name.
struct Revision {
    std::string id;
    std::string message;
    std::vector<std::string> parents;
    std::vector<std::string> depends_on;
    std::vector<std::string> labels;
};

// A branch label and the revision that declares it.
struct Label {
    std::string_view name;
    Node node;
};

// Which edges count: only parents, or parents and dependencies.
enum class Along { parents, all };

class Graph {
 public:
    // Takes the revisions in creation order. Throws MG008 for a duplicate id, a label that is used
    // twice or equals an id, a missing parent or dependency, and a cycle; MG014 for an id or a
    // label that no target could name.
    explicit Graph(std::vector<Revision> revisions);
    // The names point into the revisions, so a graph moves but does not copy.
    Graph(Graph &&) = default;
    Graph &operator=(Graph &&) = default;
    Graph(const Graph &) = delete;
    Graph &operator=(const Graph &) = delete;

    std::size_t size() const { return revisions_.size(); }
    bool empty() const { return revisions_.empty(); }
    const Revision &operator[](Node n) const { return revisions_[n]; }
    const std::string &id(Node n) const { return revisions_[n].id; }
    std::vector<std::string> ids(NodeView nodes) const;

    // The revision with exactly this id or label.
    std::optional<Node> find(std::string_view id_or_label) const;
    std::optional<Node> find_id(std::string_view id) const;
    const std::vector<Label> &labels() const { return labels_; }  // as declared

    NodeView parents(Node n) const { return parents_[n]; }
    NodeView children(Node n) const { return children_[n]; }
    NodeView dependencies(Node n) const { return dependencies_[n]; }  // labels resolved
    NodeView all_down(Node n) const { return all_down_[n]; }          // parents, then dependencies
    NodeView all_next(Node n) const { return all_next_[n]; }
    // Parents, then those dependencies that no ancestor along parents has too. The closure is
    // that of all_down; plans follow these in this order.
    NodeView downs(Node n) const { return downs_[n]; }

    const Nodes &heads() const { return heads_; }            // without children
    const Nodes &real_heads() const { return real_heads_; }  // nothing follows or depends on them
    const Nodes &bases() const { return bases_; }            // without parents
    const Nodes &real_bases() const { return real_bases_; }  // ... and without dependencies
    bool is_head(Node n) const { return children_[n].empty(); }
    bool is_real_head(Node n) const { return all_next_[n].empty(); }
    bool is_base(Node n) const { return parents_[n].empty(); }
    bool is_branch_point(Node n) const { return children_[n].size() > 1; }
    bool is_merge_point(Node n) const { return parents_[n].size() > 1; }
    Nodes branch_points() const;

    // The starts and all that they stand on, or that stands on them. O(V + E).
    NodeSet ancestors(NodeView starts, Along along = Along::all) const;
    NodeSet descendants(NodeView starts, Along along = Along::all) const;
    // Ancestors and descendants of any of the starts: their branch.
    NodeSet lineage(NodeView starts, Along along = Along::parents) const;
    // Those nodes of a set that nothing else in the set follows or depends on, through nodes
    // outside of the set too; in creation order.
    Nodes maximal(const NodeSet &set) const;

 private:
    void index_names();
    void link();
    void check_cycles(Along along) const;
    void normalize_dependencies();

    std::vector<Revision> revisions_;
    std::unordered_map<std::string_view, Node> names_;
    std::vector<Label> labels_;
    Edges parents_, children_, dependencies_, all_down_, all_next_, downs_;
    Nodes heads_, real_heads_, bases_, real_bases_;
};

// Throws MG014 when a revision cannot have this id, or a branch this label: an empty or very long
// name, a character that targets or the lists in scripts use, or a word with a meaning of its own.
void check_revision_id(std::string_view id);
void check_label(std::string_view label);

// All that `keep` accepts, in creation order.
template <typename Predicate>
Nodes select(const Graph &graph, Predicate keep) {
    Nodes out;
    for (Node n = 0; n < graph.size(); ++n)
        if (keep(n)) out.push_back(n);
    return out;
}

}  // namespace migrate::core
