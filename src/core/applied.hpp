// What follows from the set of applied revisions.
//
// The set is the state. It may have gaps: a revision that was spliced in below an applied one and
// never ran. Its closure under parents and dependencies is what the schema stands on; the current
// heads are the maximal elements, which is what Alembic keeps as the rows of its version table.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "core/graph.hpp"

namespace migrate::core {

enum class Direction { up, down };

// One revision in one direction.
struct Step {
    Node node;
    Direction direction;
    bool operator==(const Step &) const = default;
};

// The current heads, in creation order.
Nodes current_heads(const Graph &graph, const NodeSet &applied);

// What is below an applied revision without being applied, in creation order.
Nodes gaps(const Graph &graph, const NodeSet &applied);

struct CurrentRevision {
    Node node;
    bool is_head;          // no revision follows it
    bool is_real_head;     // ... and none depends on it
    bool is_current_head;  // one of current_heads(); false: applied as a dependency only
};

// The newest applied revision of every branch: no applied revision descends from it. In creation
// order.
std::vector<CurrentRevision> current(const Graph &graph, const NodeSet &applied);

// Whether 'upgrade heads' has nothing to do.
bool at_heads(const Graph &graph, const NodeSet &applied);

// How a step changed the set of current heads, in Alembic's words.
struct HeadChange {
    enum class Kind {
        none,    // a gap was filled, or left behind
        insert,  // one more head
        remove,  // one head less (Alembic: delete)
        update,  // one head became another
        merge,   // several became one
        unmerge  // one became several
    };
    Kind kind = Kind::none;
    Nodes removed;  // in creation order
    Nodes added;    // in creation order
};

// "insert", "delete", "update", "merge", "unmerge" or "none".
std::string_view to_string(HeadChange::Kind kind);

// Follows the current heads through the steps of a plan; all steps together are linear.
class HeadTracker {
 public:
    HeadTracker(const Graph &graph, NodeSet applied);

    // Records the step: the revision is applied (up) or is no longer (down). A step that changes
    // nothing is allowed.
    HeadChange apply(Step step);

    Nodes heads() const { return Nodes(heads_.begin(), heads_.end()); }  // in creation order
    const NodeSet &applied() const { return applied_; }

 private:
    void enter(Node n, HeadChange &change);
    void leave(Node n, HeadChange &change);

    const Graph *graph_;
    NodeSet applied_;
    std::vector<std::uint32_t> above_;  // how many nodes of the closure stand on this one
    NodeSet closure_;
    std::set<Node> heads_;
};

}  // namespace migrate::core
