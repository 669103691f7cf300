// Revisions as small integers, sets of them, and edges between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace migrate::core {

// A position in creation order, which breaks every tie.
using Node = std::uint32_t;
using Nodes = std::vector<Node>;
using NodeView = std::span<const Node>;

inline constexpr Node no_node = UINT32_MAX;

// A set of nodes of one graph. A node that the set has no room for is not in it.
class NodeSet {
 public:
    explicit NodeSet(std::size_t universe = 0) : bits_(universe, false) {}

    bool contains(Node n) const { return n < bits_.size() && bits_[n]; }
    bool insert(Node n);  // true when it was not in the set
    bool erase(Node n);   // true when it was
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    Nodes nodes() const;  // in creation order
    bool operator==(const NodeSet &other) const;

 private:
    std::vector<bool> bits_;
    std::size_t size_ = 0;
};

// A set with these members.
NodeSet make_set(std::size_t universe, NodeView nodes);

// The nodes without repetition; the first occurrence stays.
Nodes unique(NodeView nodes);

// For every node an ordered list of nodes, in two flat arrays. Filled in node order.
class Edges {
 public:
    NodeView operator[](Node n) const {
        return NodeView(targets_).subspan(offsets_[n], offsets_[n + 1] - offsets_[n]);
    }
    void append(NodeView targets);  // the list of the next node
    Edges reversed() const;         // each list in node order

 private:
    std::vector<std::size_t> offsets_{0};
    Nodes targets_;
};

}  // namespace migrate::core
