#include "engine/authoring.hpp"

#include "core/messages.hpp"
#include "core/planner.hpp"
#include "engine/compiled.hpp"
#include "engine/derive.hpp"
#include "engine/ledger.hpp"
#include "engine/turn.hpp"
#include "pg/hash.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using core::Code;
using core::Error;
using core::SectionName;

namespace {

constexpr int kIdBytes = 6;  // 12 hex digits, as Alembic's ids

core::Parts parts_of(const core::Revision &revision) {
    core::Parts parts;
    parts.id = revision.id;
    parts.message = revision.message;
    parts.parents = revision.parents;
    parts.labels = revision.labels;
    parts.depends_on = revision.depends_on;
    return parts;
}

// Stores a script that we write ourselves; `details` keeps what it says beside the statements.
void store(core::Revision revision, Details details, const core::Parts &parts, bool is_new) {
    std::string script = core::normalise(core::write_script(parts));
    CompiledScript const compiled(script, details.path.value_or(revision.id));
    compiled.describe(details);
    revision.message = compiled.header().message.value_or("");
    details.follows_path = false;
    details.loaded_at = pg::now();
    StoredRevision const stored{std::move(revision), std::move(details)};
    if (is_new)
        insert_revision(stored, script);
    else
        replace_revision(stored, script);
}

// Where it was asked for.
void derive(core::Parts &parts, const Sections &sections) {
    if (sections.down != kAuto) {
        if (sections.keep_data)
            pg::fail("22023", "keep_data is for a downgrade that is derived", {},
                     "Say downgrade => 'auto' with it.");
        return;
    }
    Derived derived =
        derive_for_revision(parts.up, sections.keep_data ? std::optional(parts.id) : std::nullopt);
    parts.up = std::move(derived.up);
    parts.down = std::move(derived.down);
}

std::string add(const Catalog &catalog, const core::NewRevision &place, const Sections &sections) {
    core::Revision revision{place.id, *sections.message, place.parents, place.depends_on,
                            place.labels};
    core::Parts parts = parts_of(revision);
    parts.up = sections.up.value_or("");
    parts.down = sections.down;
    parts.verify = sections.verify;
    parts.up_transaction = sections.up_transaction;
    parts.down_transaction = sections.down_transaction;
    derive(parts, sections);
    Summary summary = read_graph_summary(View::latest);
    Details details;
    details.seq = ++summary.last;
    details.loaded_by = pg::caller().role;
    store(revision, std::move(details), parts, true);

    summary.total++;
    auto const &parents = place.parents;
    summary.heads = catalog.graph().ids(catalog.graph().heads());
    std::erase_if(summary.heads, [&](const std::string &id) {
        return std::find(parents.begin(), parents.end(), id) != parents.end();
    });
    // A splice puts the new revision beside what already follows its parent: still a head.
    summary.heads.push_back(place.id);
    write_graph_summary(summary);
    return place.id;
}

void begin_authoring(const char *command) {
    pg::require_writable(command);
    take_turn(pg::LockName::author);
}

// A superuser who changes a part does not vouch for the others.
std::string loader_after_edit(const std::string &before, bool all_new) {
    std::string const role = pg::caller().role;
    return all_new || !pg::is_superuser(role) ? role : before;
}

// What a run is about to apply, or has applied in a transaction that is open, must not change.
void begin_changing(const char *command) {
    begin_authoring(command);
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
}

void choose_id(core::RevisionRequest &request) {
    if (request.id.empty()) request.id = pg::random_hex(kIdBytes);
}

}  // namespace

void require_not_applied(const Catalog &catalog, core::Node node, const char *verb) {
    std::string const &id = catalog.graph().id(node);
    if (catalog.applied().contains(node))
        throw Error(Code::script_changed,
                    fmt::format("revision \"{}\" is applied and cannot be {}", id, verb), {},
                    "Take it down with migrate.downgrade(), or add a new revision.");
    if (std::optional<Unfinished> const row = find_unfinished(View::latest, id))
        throw Error(Code::interrupted,
                    fmt::format("revision \"{}\" is half applied and cannot be {}", id, verb), {},
                    finishing_hint(*row));
}

std::string add_revision(core::RevisionRequest request, const Sections &sections) {
    begin_authoring("migrate.revision()");
    choose_id(request);
    Catalog const catalog(View::latest);
    return add(catalog, core::place_revision(catalog.graph(), request), sections);
}

std::string add_merge(core::RevisionRequest request, const std::string &message) {
    begin_authoring("migrate.merge()");
    choose_id(request);
    Catalog const catalog(View::latest);
    return add(catalog, core::place_merge(catalog.graph(), request),
               Sections{message, std::string(), std::string(), std::nullopt, false});
}

void edit_revision(const std::string &target, const Sections &sections) {
    begin_changing("migrate.edit()");
    Catalog const catalog(View::latest);
    core::Node const node = core::resolve_one(catalog.graph(), target);
    require_not_applied(catalog, node, "changed");
    CompiledScript const old(read_script(View::latest, catalog.graph().id(node)),
                             catalog.label(node));
    auto part = [&](SectionName name, const std::optional<std::string> &changed) {
        if (changed || !old.has(name)) return changed;
        return std::optional(std::string(section_text(old.text(), old.layout(name))));
    };
    core::Revision revision = catalog.graph()[node];
    if (sections.message) revision.message = *sections.message;
    core::Parts parts = parts_of(revision);
    parts.up = *part(SectionName::up, sections.up);
    parts.down = part(SectionName::down, sections.down);
    parts.verify = part(SectionName::verify, sections.verify);
    derive(parts, sections);
    parts.up_transaction =
        sections.up || sections.keep_data || old.layout(SectionName::up).transaction;
    parts.down_transaction = sections.down || old.layout(SectionName::down).transaction;
    Details details = catalog.details(node);
    bool const all_new =
        sections.up && (sections.down || !parts.down) && (sections.verify || !parts.verify);
    details.loaded_by = loader_after_edit(details.loaded_by, all_new);
    store(std::move(revision), std::move(details), parts, false);
}

void withdraw_revision(const std::string &target) {
    begin_changing("migrate.remove()");
    Catalog const catalog(View::latest);
    core::Graph const &graph = catalog.graph();
    core::Node const node = core::resolve_one(graph, target);
    std::string const id = graph.id(node);
    require_not_applied(catalog, node, "removed");
    if (!graph.all_next(node).empty())
        throw Error(Code::broken_graph,
                    fmt::format("cannot remove revision \"{}\" because others need it", id),
                    fmt::format("These follow or depend on it: {}.",
                                core::join_ids(graph, graph.all_next(node))),
                    "Remove those first.");
    remove_revision(id);
    Summary summary = read_graph_summary(View::latest);
    summary.total--;
    summary.heads = graph.ids(graph.heads());
    std::erase(summary.heads, id);
    for (core::Node parent : graph.parents(node))
        if (graph.children(parent).size() == 1) summary.heads.push_back(graph.id(parent));
    write_graph_summary(summary);
}

}  // namespace migrate::engine
