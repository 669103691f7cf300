// Drops that need no statement: what goes with something else.
#pragma once

#include "schema/plan.hpp"

namespace migrate::schema {

class Implied {
 public:
    Implied(const World &before, const World &after, const Changes &changes, const Graph &graph)
        : before_(before), after_(after), changes_(changes), graph_(graph) {}

    // The nodes that take this one along: it goes with its table, its column, ...
    std::vector<NodeId> by(NodeId id) const;

 private:
    bool is_detached(Ref table) const;
    std::vector<Ref> shells_of(Ref ref) const;
    bool moves_away(Ref ref) const;
    std::vector<Ref> origins_of_clone(Ref trigger) const;

    const World &before_;
    const World &after_;
    const Changes &changes_;
    const Graph &graph_;
};

}  // namespace migrate::schema
