#include "engine/validation.hpp"

#include "core/messages.hpp"
#include "engine/compiled.hpp"
#include "engine/ledger.hpp"

namespace migrate::engine {

namespace {

void check_script(const Catalog &catalog, core::Node node, std::vector<Finding> &errors) {
    std::string const &id = catalog.graph().id(node);
    try {
        CompiledScript const script(read_script(View::statement, id), catalog.label(node));
        if (script.checksum().data != catalog.details(node).checksum.data)
            errors.push_back({"error", id, "MG010", "script and its checksum do not agree"});
    } catch (const core::LocatedError &e) {
        errors.push_back({"error", id, "MG010", fmt::format("{}: {}", e.context(), e.message())});
    } catch (const core::Error &e) {
        errors.push_back({"error", id, "MG010", e.message()});
    }
}

bool was_changed(const Catalog &catalog, core::Node node) {
    AppliedRow const *row = catalog.ledger(node);
    return row != nullptr && row->checksum.data != catalog.details(node).checksum.data;
}

}  // namespace

void require_unchanged_scripts(const Catalog &catalog) {
    core::Nodes changed;
    for (core::Node node = 0; node < catalog.graph().size(); node++)
        if (was_changed(catalog, node)) changed.push_back(node);
    if (changed.empty()) return;
    core::Graph const &graph = catalog.graph();
    throw core::Error(
        core::Code::script_changed,
        changed.size() == 1
            ? fmt::format("the script of revision \"{}\" was changed after it was applied",
                          graph.id(changed[0]))
            : fmt::format("the scripts of {} revisions were changed after they were applied",
                          changed.size()),
        changed.size() == 1 ? std::string()
                            : fmt::format("They are {}.", core::join_ids(graph, changed)));
}

std::vector<Finding> validate() {
    std::optional<Catalog> catalog;
    try {
        catalog.emplace(View::statement);
    } catch (const core::Error &e) {
        return {{"error", {}, "MG008", e.message()}};
    }
    core::Graph const &graph = catalog->graph();
    std::vector<Finding> findings, warnings, notes;
    for (const Unfinished &row : read_unfinished(View::statement))
        findings.push_back({"error", row.revision, "MG009",
                            fmt::format("the {} is not finished: {} statements have committed",
                                        row.direction, row.done)});
    for (core::Node node = 0; node < graph.size(); node++) {
        std::string const &id = graph.id(node);
        Details const &details = catalog->details(node);
        check_script(*catalog, node, findings);
        if (was_changed(*catalog, node))
            findings.push_back({"error", id, "MG004", "script changed after it was applied"});
        if (!details.down_statements && details.up_statements > 0)
            notes.push_back({"info", id, "MG006", "revision has no downgrade section"});
    }
    if (graph.heads().size() > 1)
        warnings.push_back(
            {"warning",
             {},
             "MG003",
             fmt::format("there are several heads: {}", core::join_ids(graph, graph.heads()))});
    for (core::Node node : core::gaps(graph, catalog->applied()))
        warnings.push_back({"warning", graph.id(node), "MG014",
                            "revision is below an applied one and has not been applied"});
    findings.insert(findings.end(), warnings.begin(), warnings.end());
    findings.insert(findings.end(), notes.begin(), notes.end());
    return findings;
}

void require_at_heads(const Catalog &catalog, View view) {
    auto const unfinished = read_unfinished(view);
    if (!unfinished.empty())
        throw core::Error(
            core::Code::interrupted,
            fmt::format("revision \"{}\" is half applied", unfinished.front().revision), {},
            finishing_hint(unfinished.front()));
    core::Graph const &graph = catalog.graph();
    core::Nodes missing;
    for (core::Node node = 0; node < graph.size(); node++)
        if (!catalog.applied().contains(node)) missing.push_back(node);
    if (missing.empty()) return;
    throw core::Error(core::Code::invalid_target, "the database is not at its heads",
                      fmt::format("Not applied: {}.", core::join_ids(graph, missing)),
                      "Apply them with SELECT migrate.upgrade('heads').");
}

}  // namespace migrate::engine
