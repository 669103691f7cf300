#include "core/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/labels.hpp"
#include "core/messages.hpp"

namespace migrate::core {

namespace {

constexpr std::size_t shortest_name = 4;  // shorter names have no prefixes

bool long_enough(std::string_view name) {
    std::size_t characters = 0;
    for (unsigned char c : name)
        if ((c & 0xC0) != 0x80 && ++characters == shortest_name) return true;
    return false;
}

// The names that begin with this one, ids before labels.
std::vector<Label> names_from(const Graph &graph, std::string_view prefix) {
    std::vector<Label> out;
    if (prefix.empty()) return out;
    auto matches = [&](std::string_view name) {
        return name.starts_with(prefix) && long_enough(name);
    };
    for (Node n = 0; n < graph.size(); ++n)
        if (matches(graph.id(n))) out.push_back({graph.id(n), n});
    for (const Label &label : graph.labels())
        if (matches(label.name)) out.push_back(label);
    return out;
}

Error unknown(std::string_view name, const char *what) {
    return Error(Code::unknown_revision, fmt::format("no such {} {}", what, quoted(name)), {},
                 name.size() < shortest_name
                     ? "A revision may be given by the first characters of its identifier, if "
                       "that is at least four characters long."
                     : "");
}

Error ambiguous(std::string_view prefix, const std::vector<Label> &candidates) {
    std::vector<std::string> names;
    for (const Label &candidate : candidates) names.emplace_back(candidate.name);
    return Error(Code::ambiguous_id,
                 fmt::format("multiple revisions start with {}", quoted(prefix)),
                 fmt::format("They are {}.", join(names)), "Give more characters.");
}

Error not_member(const Graph &graph, Node n, std::string_view label) {
    return Error(Code::invalid_target, fmt::format("revision {} is not a member of branch {}",
                                                   quoted(graph.id(n)), quoted(label)));
}

Nodes within(NodeView nodes, const NodeSet &set) {
    Nodes out;
    for (Node n : nodes)
        if (set.contains(n)) out.push_back(n);
    return out;
}

// `heads`, `head` and `base`; nothing for any other symbol.
std::optional<Nodes> symbolic(const Graph &graph, std::string_view symbol,
                              std::optional<std::string_view> label) {
    if (symbol == "base") return Nodes{};
    if (symbol != "head" && symbol != "heads") return std::nullopt;
    if (symbol == "heads" && !label) return graph.real_heads();
    const Nodes found = label ? within(graph.heads(), graph.lineage({{find_branch(graph, *label)}}))
                              : graph.heads();
    if (symbol == "head" && found.size() > 1)
        throw multiple_heads(graph, found, label ? fmt::format("{}@head", *label) : "head",
                             label.value_or(""));
    return found;
}

}  // namespace

Node find_revision(const Graph &graph, std::string_view name) {
    if (const auto exact = graph.find(name)) return *exact;
    const auto candidates = names_from(graph, name);
    if (candidates.size() == 1) return candidates[0].node;
    if (candidates.empty()) throw unknown(name, "revision or branch");
    throw ambiguous(name, candidates);
}

Node find_branch(const Graph &graph, std::string_view label) {
    if (const auto exact = graph.find(label)) return *exact;
    const auto candidates = names_from(graph, label);
    if (candidates.size() == 1) return candidates[0].node;
    if (candidates.empty()) throw unknown(label, "branch");
    throw ambiguous(label, candidates);
}

NodeSet branch_members(const Graph &graph, std::string_view label) {
    const Node branch = find_branch(graph, label);
    return graph.lineage({&branch, 1});
}

Node find_in_branch(const Graph &graph, std::string_view name, std::string_view label) {
    const NodeSet branch = branch_members(graph, label);
    if (const auto exact = graph.find(name)) {
        if (!branch.contains(*exact)) throw not_member(graph, *exact, label);
        return *exact;
    }
    const auto all = names_from(graph, name);
    auto candidates = all;
    std::erase_if(candidates, [&](const Label &c) { return !branch.contains(c.node); });
    if (candidates.size() == 1) return candidates[0].node;
    if (candidates.size() > 1) throw ambiguous(name, candidates);
    if (all.size() == 1) throw not_member(graph, all[0].node, label);
    throw unknown(name, "revision or branch");
}

std::optional<Node> find_one(const Graph &graph, std::string_view symbol,
                             std::optional<std::string_view> label) {
    if (label) find_branch(graph, *label);
    if (const auto nodes = symbolic(graph, symbol, label)) {
        if (nodes->size() > 1)
            throw multiple_heads(graph, *nodes,
                                 label ? fmt::format("{}@{}", *label, symbol) : "heads",
                                 label.value_or(""));
        if (nodes->empty()) return std::nullopt;
        return nodes->front();
    }
    return label ? find_in_branch(graph, symbol, *label) : find_revision(graph, symbol);
}

Nodes find_all(const Graph &graph, const Target &target) {
    if (target.label) find_branch(graph, *target.label);
    if (target.is_relative()) {
        if (!target.symbol.empty() || *target.relative >= 0)
            throw Error(Code::invalid_target,
                        fmt::format("relative target {} is not allowed here", quoted(target.text)),
                        {}, "Name the revision itself.");
        std::optional<SpreadLabels> labels;
        if (target.label) labels.emplace(graph);
        Nodes out;
        for (Node head : graph.real_heads())
            if (!labels || labels->has(head, *target.label))
                out.push_back(walk(graph, head, *target.relative, nullptr, true));
        return out;
    }
    if (auto nodes = symbolic(graph, target.symbol, target.label)) return *std::move(nodes);
    return {target.label ? find_in_branch(graph, target.symbol, *target.label)
                         : find_revision(graph, target.symbol)};
}

Node walk(const Graph &graph, Node start, std::int64_t n, const NodeSet *branch, bool strict) {
    Node at = start;
    const bool up = n > 0;
    for (std::int64_t left = up ? n : -n; left > 0; --left) {
        NodeView ways;
        Nodes kept;
        if (is_revision(at)) {
            ways = up ? graph.children(at) : graph.parents(at);
            if (!up && ways.empty()) {
                at = below_base;
                continue;
            }
        } else if (at == no_node) {
            ways = up ? graph.bases() : graph.heads();
            if (!up && ways.empty()) {
                at = below_base;
                continue;
            }
        }
        if (up && branch != nullptr) {
            kept = within(ways, *branch);
            ways = kept;
        }
        if (ways.empty()) return strict ? no_node : at;
        if (ways.size() > 1) {
            const std::string where =
                !is_revision(at)
                    ? fmt::format("The {} are {}.", up ? "bases" : "heads", join_ids(graph, ways))
                : up ? fmt::format("Revision {} is followed by {}.", quoted(graph.id(at)),
                                   join_ids(graph, ways))
                     : fmt::format("Revision {} merges {}.", quoted(graph.id(at)),
                                   join_ids(graph, ways));
            throw Error(Code::invalid_target, "ambiguous walk", where,
                        up ? "Name the branch, as in branch@+1, or the revision itself."
                           : "Name the revision itself.");
        }
        at = ways[0];
    }
    return at;
}

void check_overlap(const Graph &graph, NodeView targets, Along along) {
    if (targets.size() < 2) return;
    // Start one edge down from each: what is reached then stands below another target.
    Nodes below;
    for (Node t : targets) {
        const NodeView downs = along == Along::all ? graph.all_down(t) : graph.parents(t);
        below.insert(below.end(), downs.begin(), downs.end());
    }
    const NodeSet covered = graph.ancestors(below, along);
    for (Node t : targets) {
        if (!covered.contains(t)) continue;
        Nodes above;
        const NodeSet over = graph.descendants({&t, 1}, along);
        for (Node other : targets)
            if (other != t && over.contains(other)) above.push_back(other);
        throw Error(Code::broken_graph,
                    fmt::format("requested revision {} overlaps with other requested revisions {}",
                                quoted(graph.id(t)), join_ids(graph, above)),
                    "One of them stands on the other.", "Name only the newest of them.");
    }
}

}  // namespace migrate::core
