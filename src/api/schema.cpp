// autogenerate, diff
#include "api/entry.hpp"
#include "engine/authoring.hpp"
#include "engine/autogenerate.hpp"
#include "engine/validation.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "schema/entries.hpp"

using namespace migrate;

namespace {

// The arguments that all of them have, from number `first` on.
struct Request {
    engine::Target target;
    engine::GenerateOptions options;

    Request(const pg::Arguments &args, int first) {
        target.ddl = args.optional_text(first);
        target.schema = args.optional_text(first + 1);
        target.database = args.optional_text(first + 2);
        schema::Filter &filter = options.filter;
        for (std::string &name : args.texts(first + 3, "schemas"))
            filter.schemas.insert(std::move(name));
        for (std::string &kind : args.texts(first + 4, "exclude_kinds")) {
            if (!schema::is_excludable(kind))
                pg::fail("22023", fmt::format("unknown kind of object: \"{}\"", kind), {},
                         "Kinds are those that migrate.diff() shows, and owner, grant, comment and "
                         "security label.");
            filter.excluded_kinds.insert(std::move(kind));
        }
        filter.excluded_names = args.texts(first + 5, "exclude");
        filter.role = pg::quote_name(pg::caller().role);
        for (auto &[from, to] : args.json_optional_texts(first + 6, "renames"))
            options.renames.said.emplace(std::move(from), std::move(to));
        options.rename_threshold = args.real(first + 7, "rename_threshold");
        if (!(options.rename_threshold >= 0 && options.rename_threshold <= 1))
            pg::fail("22023", "rename_threshold must be from 0 to 1");
        options.online = args.boolean(first + 8, "online");
    }
};

constexpr const char *kCommits = " transaction:false";  // of a section

engine::Generated generated(const Request &request) {
    engine::Generated result = engine::generate(request.target, request.options);
    engine::report(result, false);
    return result;
}

Request tolerant(const pg::Arguments &args) {
    Request request(args, 0);
    request.options.tolerant = true;
    return request;
}

}  // namespace

MIGRATE_FUNCTION(autogenerate) {
    pg::require_changeable("migrate.autogenerate()");
    std::string const message = args.text(0, "message");
    Request request(args, 1);
    bool const dry_run = args.boolean(10, "dry_run");
    request.options.tolerant = dry_run;
    request.options.way_on = "dry_run => true shows all of them.";
    core::RevisionRequest place;
    place.id = args.optional_text(11).value_or("");
    place.heads = args.texts(12, "head");
    if (!dry_run)
        engine::require_at_heads(engine::Catalog(engine::View::latest), engine::View::latest);
    engine::Generated const result = generated(request);
    if (result.up.empty() && result.down.empty()) {
        pg::notice("no difference: no revision is made");
        return args.null();
    }
    std::string const up = engine::to_script(result.up);
    std::string const down = engine::to_script(result.down);
    bool const online = request.options.online;
    bool const up_commits = online && engine::want_commits(result.up);
    bool const down_commits = online && engine::want_commits(result.down);
    if (dry_run)
        return pg::text_result(fmt::format("-- migrate:up{}\n{}-- migrate:down{}\n{}",
                                           up_commits ? kCommits : "", up,
                                           down_commits ? kCommits : "", down));
    engine::Sections sections;
    sections.message = message;
    sections.up = up;
    sections.down = down;
    sections.up_transaction = !up_commits;
    sections.down_transaction = !down_commits;
    return pg::text_result(engine::add_revision(std::move(place), sections));
}

MIGRATE_FUNCTION(diff) {
    pg::require_changeable("migrate.diff()");
    engine::Generated const result = generated(tolerant(args));
    pg::ResultSet rows(args.raw());
    for (const schema::Entry &entry : schema::entries(result.up, result.down))
        rows.add({std::string(to_string(entry.kind)), entry.object, std::string(entry.change()),
                  hazards_of(entry.up), text_of(entry.up), text_of(entry.down)});
    return Datum(0);
}

MIGRATE_FUNCTION(diff_sql) {
    pg::require_changeable("migrate.diff_sql()");
    return pg::text_result(engine::to_script(generated(tolerant(args)).up));
}
