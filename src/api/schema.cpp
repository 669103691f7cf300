// autogenerate
#include "api/entry.hpp"
#include "engine/authoring.hpp"
#include "engine/autogenerate.hpp"
#include "engine/desired.hpp"
#include "pg/session.hpp"

using namespace migrate;

MIGRATE_FUNCTION(autogenerate) {
    std::string const message = args.text(0, "message");
    std::string const target = args.text(1, "target");
    bool const dry_run = args.boolean(2, "dry_run");
    engine::GenerateOptions options;
    options.online = args.boolean(3, "online");
    engine::Reading const current = engine::read_snapshot();
    engine::Reading const desired = engine::read_desired(target, current);
    engine::Generated const generated = engine::generate(current, desired.snapshot, options);
    for (const std::string &text : generated.unproven) pg::warning("not proven: " + text);
    if (generated.up.empty() && generated.down.empty()) {
        pg::notice("no difference: no revision is made");
        return args.null();
    }
    std::string const up = engine::to_script(generated.up);
    std::string const down = engine::to_script(generated.down);
    if (dry_run) return pg::text_result("-- migrate:up\n" + up + "-- migrate:down\n" + down);
    engine::Sections sections;
    sections.message = message;
    sections.up = up;
    sections.down = down;
    core::RevisionRequest request;
    request.heads = {"head"};
    return pg::text_result(engine::add_revision(std::move(request), sections));
}
