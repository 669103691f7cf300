#include "core/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/lookup.hpp"
#include "core/messages.hpp"
#include "core/target.hpp"

namespace migrate::core {

namespace {

Error already_used(const Graph &graph, const char *what, const std::string &name, Node by) {
    const bool is_id = graph.id(by) == name;
    return Error(Code::broken_graph,
                 is_id ? fmt::format("{} {} is already used by a revision", what, quoted(name))
                       : fmt::format("{} {} is already used by revision {}", what, quoted(name),
                                     quoted(graph.id(by))));
}

void check_unused(const Graph &graph, const RevisionRequest &request) {
    if (const auto by = graph.find(request.id))
        throw already_used(graph, "revision identifier", request.id, *by);
    std::unordered_set<std::string_view> seen;
    for (const std::string &label : request.labels) {
        check_label(label);
        if (const auto by = graph.find(label))
            throw already_used(graph, "branch label", label, *by);
        if (label == request.id || !seen.insert(label).second)
            throw Error(Code::broken_graph,
                        fmt::format("branch label {} is already used by revision {}", quoted(label),
                                    quoted(request.id)));
    }
}

Nodes find_parents(const Graph &graph, const std::vector<std::string> &heads) {
    Nodes out;
    for (const std::string &text : heads) {
        const Nodes found = find_all(graph, parse_target(graph, text));
        if (!std::all_of(found.begin(), found.end(), is_revision))
            throw Error(Code::invalid_target,
                        fmt::format("target {} leads outside of the graph", quoted(text)));
        out.insert(out.end(), found.begin(), found.end());
    }
    if (unique(out).size() != out.size())
        throw Error(Code::invalid_target, "duplicate head revisions specified",
                    fmt::format("They are {}.", join_ids(graph, out)), "Name each parent once.");
    return out;
}

// A label stays a label: which revision it means is looked up when the graph is built.
std::string dependency(const Graph &graph, const std::string &text) {
    const Target target = parse_target(graph, text);
    if (target.is_relative())
        throw Error(Code::invalid_target,
                    fmt::format("relative target {} cannot be a dependency", quoted(text)), {},
                    "Name the revision itself.");
    const auto found = find_one(graph, target.symbol, target.label);
    if (!found)
        throw Error(Code::invalid_target,
                    fmt::format("dependency {} does not name a revision", quoted(text)));
    const auto exact = graph.find(text);
    return exact == found ? text : graph.id(*found);
}

}  // namespace

NewRevision place_revision(const Graph &graph, const RevisionRequest &request) {
    check_revision_id(request.id);
    const Nodes parents = find_parents(graph, request.heads);
    if (!request.splice)
        for (Node parent : parents)
            if (!graph.is_head(parent))
                throw Error(
                    Code::invalid_target,
                    fmt::format("revision {} is not a head revision", quoted(graph.id(parent))),
                    fmt::format("It is followed by {}.", join_ids(graph, graph.children(parent))),
                    "To create a new branch from this revision, specify splice => true.");
    NewRevision out{request.id, graph.ids(parents), request.labels, {}};
    for (const std::string &text : request.depends_on)
        out.depends_on.push_back(dependency(graph, text));
    check_unused(graph, request);
    return out;
}

NewRevision place_merge(const Graph &graph, const RevisionRequest &request) {
    NewRevision out = place_revision(graph, request);
    if (out.parents.size() > 1) return out;
    throw Error(Code::invalid_target, "a merge needs at least two revisions",
                out.parents.empty() ? std::string("None was found.")
                                    : fmt::format("Only {} was found.", shorten(out.parents[0])),
                graph.real_heads().size() > 1
                    ? fmt::format("The heads are {}.", join_ids(graph, graph.real_heads()))
                    : "");
}

}  // namespace migrate::core
