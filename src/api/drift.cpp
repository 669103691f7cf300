// check, drift, accept_drift, record, record_as
#include "engine/drift.hpp"

#include "api/entry.hpp"

using namespace migrate;

namespace {

engine::Acceptance acceptance(const pg::Arguments &args) {
    engine::Acceptance request;
    request.message = args.text(0, "message");
    request.prove = args.boolean(1, "prove");
    request.place.id = args.optional_text(2).value_or("");
    request.place.heads = args.texts(3, "head");
    return request;
}

Datum id_or_null(const pg::Arguments &args, const std::optional<std::string> &id) {
    return id ? pg::text_result(*id) : args.null();
}

// "loses data: The column a goes. ..."
pg::Value text_of(const std::vector<schema::Hazard> &hazards) {
    if (hazards.empty()) return {};
    std::string text;
    for (const schema::Hazard &hazard : hazards) {
        if (!text.empty()) text += '\n';
        text += fmt::format("{}: {}", to_string(hazard.risk), hazard.text);
    }
    return text;
}

pg::Value unless_empty(const std::string &text) {
    return text.empty() ? pg::Value() : pg::Value(text);
}

}  // namespace

MIGRATE_FUNCTION(check) {
    static_cast<void>(args);
    engine::check();
    return BoolGetDatum(true);
}

MIGRATE_FUNCTION(drift) {
    pg::ResultSet rows(args.raw());
    for (const engine::Drifted &row : engine::drift())
        rows.add({std::string(to_string(row.kind)), row.object, std::string(to_string(row.change)),
                  text_of(row.hazards), unless_empty(row.up), unless_empty(row.down)});
    return Datum(0);
}

MIGRATE_FUNCTION(accept_drift) {
    return id_or_null(args, engine::accept_drift(acceptance(args)));
}

MIGRATE_FUNCTION(record) {
    if (args.boolean(0, "on"))
        engine::start_recording();
    else
        engine::drop_recording();
    return Datum(0);
}

MIGRATE_FUNCTION(record_as) {
    return id_or_null(args, engine::end_recording(acceptance(args)));
}
