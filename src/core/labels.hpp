// Which branch labels a revision carries.
#pragma once

#include <string_view>
#include <vector>

#include "core/graph.hpp"

namespace migrate::core {

// A label belongs to the revision that declares it and to all its descendants; where the branch is
// a plain line up to its head, also to the revisions below, down to the last branch point.
class SpreadLabels {
 public:
    explicit SpreadLabels(const Graph &graph);

    // In the order in which the revisions that declare them were created.
    std::vector<std::string_view> of(Node n) const;
    bool has(Node n, std::string_view label) const;

 private:
    const Graph *graph_;
    Nodes source_;  // where the labels of a node come from
    Nodes below_;   // the same before labels went down plain lines
};

}  // namespace migrate::core
