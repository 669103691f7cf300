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

}  // namespace

MIGRATE_FUNCTION(check) {
    static_cast<void>(args);
    engine::check();
    return BoolGetDatum(true);
}

MIGRATE_FUNCTION(drift) {
    pg::ResultSet rows(args.raw());
    for (const schema::Entry &entry : engine::drift())
        rows.add({std::string(to_string(entry.kind)), entry.object, std::string(entry.change()),
                  hazards_of(entry.up), text_of(entry.up), text_of(entry.down)});
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
