// derive_downgrade, rehearse
#include "api/entry.hpp"
#include "engine/derive.hpp"
#include "engine/rehearse.hpp"
#include "pg/exemption.hpp"
#include "pg/hash.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"

using namespace migrate;

namespace {

constexpr int kIdBytes = 6;

pg::Value optional_texts(const std::vector<std::string> &list) {
    return list.empty() ? pg::Value() : pg::Value(list);
}

}  // namespace

MIGRATE_FUNCTION(derive_downgrade) {
    std::string const upgrade = args.text(0, "upgrade");
    bool const keep_data = args.boolean(1, "keep_data");
    pg::require_writable("migrate.derive_downgrade()");
    engine::Derived const derived = engine::derive_downgrade(
        upgrade, keep_data ? std::optional(pg::random_hex(kIdBytes)) : std::nullopt);
    for (const std::string &text : derived.unproven) pg::warning("not proven: " + text);
    if (!keep_data) return pg::text_result(derived.down);
    std::string up = derived.up;
    if (!up.ends_with('\n')) up += up.ends_with(';') ? "\n" : ";\n";
    return pg::text_result("-- migrate:up\n" + up + "-- migrate:down\n" + derived.down);
}

MIGRATE_FUNCTION(rehearse) {
    std::string const target = args.text(0, "target");
    std::string const limit = args.text(1, "compare_up_to");
    pg::require_writable("migrate.rehearse()");
    std::int64_t const bytes = std::stoll(*pg::query("SELECT pg_size_bytes($1)", {limit})[0][0]);
    pg::ResultSet rows(args.raw());
    std::int64_t step = 0;
    for (const engine::Rehearsed &row :
         engine::rehearse(target, bytes, limit, pg::may_be_exempt(args.raw())))
        rows.add({++step, row.revision, row.message,
                  row.restores ? pg::Value(*row.restores) : pg::Value(),
                  optional_texts(row.differences), optional_texts(row.rows_changed),
                  optional_texts(row.locks), optional_texts(row.rewritten),
                  optional_texts(row.scanned), optional_texts(row.simulated),
                  row.duration ? pg::Value(*row.duration) : pg::Value(),
                  row.error.empty() ? pg::Value() : pg::Value(row.error)});
    return Datum(0);
}
