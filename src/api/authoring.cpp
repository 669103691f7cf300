// revision, merge, edit, remove, load, load_dir, script, export, stamp, resolve
#include "engine/authoring.hpp"

#include "api/entry.hpp"
#include "core/planner.hpp"
#include "engine/loader.hpp"
#include "engine/stamping.hpp"
#include "pg/files.hpp"
#include "pg/session.hpp"

using namespace migrate;

namespace {

Datum loaded(const pg::Arguments &args, std::vector<engine::SourceFile> files) {
    std::vector<engine::LoadedFile> const done = engine::load(std::move(files));
    pg::ResultSet rows(args.raw());
    for (const engine::LoadedFile &file : done) rows.add({file.path, file.revision, file.status});
    return Datum(0);
}

}  // namespace

MIGRATE_FUNCTION(revision) {
    engine::Sections sections;
    sections.message = args.text(0, "message");
    sections.up = args.text(1, "upgrade");
    sections.down = args.optional_text(2);
    sections.verify = args.optional_text(3);
    core::RevisionRequest request;
    request.id = args.optional_text(4).value_or("");
    request.heads = args.texts(5, "head");
    request.splice = args.boolean(6, "splice");
    request.labels = args.texts(7, "branch_labels");
    request.depends_on = args.texts(8, "depends_on");
    sections.keep_data = args.boolean(9, "keep_data");
    return pg::text_result(engine::add_revision(std::move(request), sections));
}

MIGRATE_FUNCTION(merge) {
    core::RevisionRequest request;
    request.heads = args.texts(1, "revisions");
    request.id = args.optional_text(2).value_or("");
    request.labels = args.texts(3, "branch_labels");
    request.depends_on = args.texts(4, "depends_on");
    return pg::text_result(engine::add_merge(std::move(request), args.text(0, "message")));
}

MIGRATE_FUNCTION(edit) {
    engine::edit_revision(args.text(0, "revision"),
                          {args.optional_text(1), args.optional_text(2), args.optional_text(3),
                           args.optional_text(4), args.boolean(5, "keep_data")});
    return Datum(0);
}

MIGRATE_FUNCTION(remove) {
    engine::withdraw_revision(args.text(0, "revision"));
    return Datum(0);
}

MIGRATE_FUNCTION(load_file) {
    return loaded(args, {{args.text(0, "path"), args.text(1, "script")}});
}

MIGRATE_FUNCTION(load_files) {
    std::vector<engine::SourceFile> files;
    for (auto &[path, text] : args.json_texts(0, "files"))
        files.push_back({std::move(path), std::move(text)});
    return loaded(args, std::move(files));
}

MIGRATE_FUNCTION(load_directory) {
    std::string const directory = args.text(0, "directory");
    pg::require_role("pg_read_server_files");
    std::vector<engine::SourceFile> files;
    for (pg::File &file : pg::read_sql_files(directory))
        files.push_back({std::move(file.name), std::move(file.text)});
    return loaded(args, std::move(files));
}

MIGRATE_FUNCTION(script) {
    std::string const target = args.text(0, "revision");
    engine::Catalog const catalog(engine::View::statement);
    core::Node const node = core::resolve_one(catalog.graph(), target);
    return pg::text_result(engine::read_script(engine::View::statement, catalog.graph().id(node)));
}

MIGRATE_FUNCTION(export) {
    std::string const range = args.text(0, "range");
    engine::Catalog const catalog(engine::View::statement);
    core::Nodes nodes = core::history(catalog.graph(), catalog.applied(), range);
    auto path = [&](core::Node node) {
        return engine::file_name(catalog.graph().id(node), catalog.details(node));
    };
    std::sort(nodes.begin(), nodes.end(),
              [&](core::Node a, core::Node b) { return path(a) < path(b); });
    pg::ResultSet rows(args.raw());
    for (core::Node node : nodes)
        rows.add(
            {path(node), engine::read_script(engine::View::statement, catalog.graph().id(node))});
    return Datum(0);
}

MIGRATE_FUNCTION(stamp) {
    std::vector<std::string> const heads =
        engine::stamp(args.texts(0, "revisions"), args.boolean(1, "purge"));
    pg::ResultSet rows(args.raw());
    for (const std::string &head : heads) rows.add({head});
    return Datum(0);
}

MIGRATE_FUNCTION(resolve) {
    engine::resolve_unfinished(args.text(0, "revision"), args.text(1, "how"));
    return Datum(0);
}
