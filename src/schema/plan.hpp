// The order of changes.
#pragma once

#include <unordered_set>

#include "schema/changes.hpp"

namespace migrate::schema {

// What happens to an object, as one or several nodes of a graph.
enum class Stage : std::uint8_t {
    drop,  // or, of what is swapped, the name aside
    create,
    alter,
    copy,    // of the rows of what is swapped
    finish,  // the old one of what is swapped is dropped
};

struct Node {
    Stage stage;
    Ref ref;       // of the old snapshot for drop, alter, finish; else of the new one
    int rank = 0;  // which of those that could come next does
    std::vector<std::uint32_t> before;  // nodes that have to come earlier
    std::vector<std::uint32_t> after;
};
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = static_cast<NodeId>(-1);

class Graph {
 public:
    Graph(const World &before, const World &after, const Changes &changes);

    std::vector<Node> &nodes() { return nodes_; }
    const Node &operator[](NodeId id) const { return nodes_[id]; }
    NodeId dropping(Ref old) const { return drop_[old]; }
    NodeId creating(Ref recent) const { return create_[recent]; }
    NodeId finishing(Ref old) const { return finish_[old]; }
    // The column of the old snapshot that is altered to give up identity for this sequence of the
    // new one; kNone when there is none.
    Ref counts_before(Ref sequence) const;
    // A column that goes from a table, but not from all that inherit from it.
    bool stays_with_heirs(Ref column) const;

 private:
    NodeId add(Stage stage, Ref ref, int rank);
    void order(NodeId earlier, NodeId later);
    void add_nodes();
    void find_wanted();
    void order_old();
    void order_users(Ref link);
    void order_new();
    void order_swaps();
    void order_names();
    void order_counts();
    bool hands_name_over(Ref column) const;
    void order_persistence();
    void order_fills();
    void order_fill(Ref view, Ref source);
    void order_index_partitions();
    NodeId detaching_node(Ref table) const;
    bool has_from_another(Ref column, Ref link) const;
    void order_heirs();
    void order_detachments();
    void order_attachments();
    void order_alterations(Ref link);
    void order_brought(Ref part, NodeId link);
    bool gets_from_type(Ref table, Ref attribute) const;
    bool calls_a_function(Ref recent) const;
    NodeId gone(Ref old) const;
    bool can_wait(Ref old) const;
    NodeId altered_of_new(Ref recent) const;

    const World &before_;
    const World &after_;
    const Changes &changes_;
    std::vector<Node> nodes_;
    std::vector<NodeId> drop_;
    std::vector<NodeId> alter_;
    std::vector<NodeId> finish_;
    std::vector<NodeId> create_;
    std::vector<NodeId> copy_;
    std::unordered_set<std::string> wanted_;  // names, by what is created
};

}  // namespace migrate::schema
