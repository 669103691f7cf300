// current, heads, branches, history, show, validate
#include "api/entry.hpp"
#include "core/labels.hpp"
#include "core/planner.hpp"
#include "engine/validation.hpp"

using namespace migrate;
using engine::Catalog;
using engine::View;

namespace {

pg::Texts texts(const std::vector<std::string_view> &names) {
    return {names.begin(), names.end()};
}

pg::Value applied_at(const Catalog &catalog, core::Node node) {
    engine::AppliedRow const *row = catalog.ledger(node);
    return row != nullptr ? pg::Value(row->applied_at) : pg::Value();
}

pg::Value applied_by(const Catalog &catalog, core::Node node) {
    engine::AppliedRow const *row = catalog.ledger(node);
    return row != nullptr ? pg::Value(row->applied_by) : pg::Value();
}

}  // namespace

MIGRATE_FUNCTION(current) {
    Catalog const catalog(View::statement);
    core::Graph const &graph = catalog.graph();
    core::SpreadLabels const labels(graph);
    pg::ResultSet rows(args.raw());
    for (const core::CurrentRevision &current : core::current(graph, catalog.applied()))
        rows.add({graph.id(current.node), graph[current.node].message, current.is_head,
                  texts(labels.of(current.node)), applied_at(catalog, current.node),
                  applied_by(catalog, current.node)});
    return Datum(0);
}

MIGRATE_FUNCTION(heads) {
    Catalog const catalog(View::statement);
    core::Graph const &graph = catalog.graph();
    core::SpreadLabels const labels(graph);
    pg::ResultSet rows(args.raw());
    for (core::Node node : graph.heads())
        rows.add({graph.id(node), graph[node].message, texts(labels.of(node)),
                  graph.is_real_head(node), catalog.applied().contains(node)});
    return Datum(0);
}

MIGRATE_FUNCTION(branches) {
    Catalog const catalog(View::statement);
    core::Graph const &graph = catalog.graph();
    pg::ResultSet rows(args.raw());
    for (core::Node node : graph.branch_points())
        rows.add({graph.id(node), graph[node].message, graph.ids(graph.children(node))});
    return Datum(0);
}

MIGRATE_FUNCTION(history) {
    std::optional<std::string> const range = args.optional_text(0);
    Catalog const catalog(View::statement);
    core::Graph const &graph = catalog.graph();
    core::SpreadLabels const labels(graph);
    core::NodeSet const current =
        core::make_set(graph.size(), core::current_heads(graph, catalog.applied()));
    pg::ResultSet rows(args.raw());
    for (core::Node node : range ? core::history(graph, catalog.applied(), *range)
                                 : core::history(graph, catalog.applied()))
        rows.add({graph.id(node), graph[node].parents, graph[node].depends_on,
                  texts(labels.of(node)), graph[node].message, graph.is_head(node),
                  current.contains(node), applied_at(catalog, node), applied_by(catalog, node)});
    return Datum(0);
}

MIGRATE_FUNCTION(show) {
    std::string const target = args.text(0, "revision");
    Catalog const catalog(View::statement);
    core::Graph const &graph = catalog.graph();
    core::SpreadLabels const labels(graph);
    pg::ResultSet rows(args.raw());
    for (core::Node node : core::resolve(graph, catalog.applied(), target)) {
        engine::Details const &details = catalog.details(node);
        rows.add({graph.id(node), graph[node].message, graph[node].parents, graph[node].depends_on,
                  texts(labels.of(node)), graph.ids(graph.children(node)), graph.is_head(node),
                  graph.is_branch_point(node), graph.is_merge_point(node),
                  applied_at(catalog, node), applied_by(catalog, node),
                  pg::optional_text(details.path), details.loaded_by, details.loaded_at});
    }
    return Datum(0);
}

MIGRATE_FUNCTION(validate) {
    pg::ResultSet rows(args.raw());
    for (const engine::Finding &finding : engine::validate())
        rows.add({finding.severity, finding.revision.empty() ? pg::Value() : finding.revision,
                  finding.code, finding.message});
    return Datum(0);
}
