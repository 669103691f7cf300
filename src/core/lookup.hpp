// From names to revisions. Every function throws MG001 for a name that nothing has, MG002 for a
// prefix of several names, and MG014 for a revision outside of the branch that was named.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/graph.hpp"
#include "core/target.hpp"

namespace migrate::core {

// Where a walk down ends that leaves a base. no_node is the other outside: before any revision.
inline constexpr Node below_base = no_node - 1;
inline bool is_revision(Node n) {
    return n < below_base;
}

// By id or label, or by a unique prefix of the names of at least four characters.
Node find_revision(const Graph &graph, std::string_view name);

// The revision that a branch is named by: a label, or an id for the branch of that revision.
Node find_branch(const Graph &graph, std::string_view label);

// The revisions of the branch: the one that names it, and what it stands on or what descends from
// it, along parents.
NodeSet branch_members(const Graph &graph, std::string_view label);

// A name looked up within one branch.
Node find_in_branch(const Graph &graph, std::string_view name, std::string_view label);

// The revision that `symbol` names on the branch, or anywhere without a label: also `head` and
// `heads`, and `base`, which gives nothing. Throws MG003 for more than one.
std::optional<Node> find_one(const Graph &graph, std::string_view symbol,
                             std::optional<std::string_view> label = std::nullopt);

// All that an absolute target names. `-N` counts down from the real heads; such a walk may end in
// no_node or below_base. Throws MG014 for any other relative target.
Nodes find_all(const Graph &graph, const Target &target);

// Walks up (n > 0) along children, those of `branch` only when it is given, or down (n < 0) along
// parents. From no_node: up to the bases, down to the heads. Where there is no way on, the result
// is no_node (strict) or the last place. Throws MG014 when there are several ways.
Node walk(const Graph &graph, Node start, std::int64_t n, const NodeSet *branch, bool strict);

// Throws MG008 when one of the targets stands on another one.
void check_overlap(const Graph &graph, NodeView targets, Along along = Along::all);

}  // namespace migrate::core
