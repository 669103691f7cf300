// The revision graph: parents, dependencies, labels, and what follows from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace migrate::core {

// What the graph knows of one revision. `depends_on` names revisions or labels by their full name.
struct Revision {
    std::string id;
    std::string message;
    std::vector<std::string> parents;
    std::vector<std::string> depends_on;
    std::vector<std::string> labels;
};

// A position in creation order, which breaks every tie.
using Node = std::uint32_t;
using Nodes = std::vector<Node>;

// A set of nodes of one graph.
class NodeSet {
   public:
    explicit NodeSet(std::size_t universe = 0) : bits_(universe, false) {}
    bool contains(Node n) const { return bits_[n]; }
    bool insert(Node n);  // true when it was not in the set
    bool erase(Node n);   // true when it was
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    Nodes nodes() const;  // in creation order

   private:
    std::vector<bool> bits_;
    std::size_t size_ = 0;
};

class Graph {
   public:
    // Revisions in creation order. Throws MG008 for a duplicate id, a label used twice or equal to
    // an id, a missing parent or dependency, and a cycle; MG014 for an id with a character that
    // targets use (@ - + :).
    explicit Graph(std::vector<Revision> revisions);

    std::size_t size() const { return revisions_.size(); }
    const Revision &operator[](Node n) const { return revisions_[n]; }
    const std::string &id(Node n) const { return revisions_[n].id; }
    std::optional<Node> find(std::string_view id_or_label) const;  // exact

    const Nodes &parents(Node n) const { return parents_[n]; }
    const Nodes &children(Node n) const { return children_[n]; }
    const Nodes &dependencies(Node n) const { return dependencies_[n]; }
    // ... and so on: see the prompt. The owner of this file completes it.

   private:
    std::vector<Revision> revisions_;
    std::unordered_map<std::string, Node> names_;
    std::vector<Nodes> parents_, children_, dependencies_;
};

}  // namespace migrate::core
