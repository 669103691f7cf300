#include "engine/drift.hpp"

#include "core/messages.hpp"
#include "engine/authoring.hpp"
#include "engine/autogenerate.hpp"
#include "engine/ledger.hpp"
#include "engine/proof.hpp"
#include "engine/row.hpp"
#include "engine/stamping.hpp"
#include "engine/turn.hpp"
#include "engine/validation.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "schema/compare.hpp"
#include "schema/text.hpp"

namespace migrate::engine {

using core::Code;
using core::Error;
using pg::Access;
using pg::Table;
using schema::Snapshot;

namespace {

constexpr std::size_t kShown = 10;  // differences in a message
constexpr const char *kRecordHint =
    "The next upgrade or downgrade records it, and so does "
    "migrate.accept_drift('message').";

struct Changed {
    Snapshot record;
    Snapshot now;
};

// Nothing when the schema is as it was recorded. A run that ends meanwhile changes both.
std::optional<Changed> find_drift() {
    for (;;) {
        if (is_as_recorded(View::latest)) return std::nullopt;
        Summary const before = read_record_summary(View::latest);
        Changed changed{read_record(View::latest), read_recordable()};
        Summary const after = read_record_summary(View::latest);
        if (after.total != before.total || after.heads != before.heads) continue;
        if (equal(changed.record, changed.now)) return std::nullopt;
        return changed;
    }
}

std::string unrecorded(const RecordState &state) {
    return state.exists ? "the recorded schema is not that of the revisions that are applied"
                        : "no schema has been recorded";
}

}  // namespace

void check() {
    Catalog const catalog(View::statement);
    require_at_heads(catalog, View::statement);
    require_unchanged_scripts(catalog);
    RecordState const state = read_record_state(View::latest);
    if (!state.current) {
        if (state.exists || catalog.graph().size() > 0)
            pg::notice(unrecorded(state) + ", so drift cannot be found", {}, kRecordHint);
        return;
    }
    std::optional<Changed> const changed = find_drift();
    if (!changed) return;
    auto const differences = schema::compare(changed->record, changed->now);
    throw Error(
        Code::schema_drifted,
        fmt::format("the schema has drifted: {} {} changed outside of migrations",
                    differences.size(), differences.size() == 1 ? "object was" : "objects were"),
        schema::to_lines(differences, kShown),
        "migrate.drift() gives the statements that do it and those that take it back; "
        "migrate.accept_drift('message') makes a revision of it.");
}

std::vector<schema::Entry> drift() {
    RecordState const state = read_record_state(View::latest);
    if (!state.current) {
        if (!state.exists && read_ledger_summary(View::latest).total == 0) return {};
        throw Error(Code::interrupted, unrecorded(state), {}, kRecordHint);
    }
    std::optional<Changed> const changed = find_drift();
    if (!changed) return {};
    schema::DiffOptions const options = diff_options();
    return schema::entries(diff(changed->record, changed->now, options),
                           diff(changed->now, changed->record, options));
}

namespace {

void begin(const char *command) {
    pg::require_writable(command);
    take_turn(pg::LockName::author);
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
}

struct Written {
    std::string up;
    std::string down;
};

// The statements that made the schema of what it was, and back.
Written write(const Snapshot &before, const Snapshot &now, bool prove) {
    if (!prove) {
        schema::DiffOptions const options = diff_options();
        return {to_script(diff(before, now, options)), to_script(diff(now, before, options))};
    }
    GenerateOptions options;
    options.filter = unrecordable();
    options.backwards = true;
    options.way_on = "With prove => false the revision is stored without a trial.";
    // Back is the way that can be tried first.
    Generated const generated = generate(now, before, options);
    report(generated, true);
    return {to_script(generated.down), to_script(generated.up)};
}

std::string store(const Acceptance &request, const Written &written, SchemaKeeper keeper) {
    Sections sections;
    sections.message = request.message;
    sections.up = written.up;
    sections.down = written.down;
    std::string const id = add_revision(request.place, sections);
    stamp({id}, false, std::move(keeper));
    return id;
}

}  // namespace

std::optional<std::string> accept_drift(Acceptance request) {
    begin("migrate.accept_drift()");
    {
        Catalog const catalog(View::latest);
        require_at_heads(catalog, View::latest);
    }
    if (RecordState const state = read_record_state(View::latest); !state.current) {
        SchemaKeeper::whole(true).keep();
        pg::notice(unrecorded(state) + ": the schema as it is is recorded, no revision is made");
        return std::nullopt;
    }
    std::optional<Changed> const changed = find_drift();
    if (!changed) {
        pg::notice("the schema has not drifted: no revision is made");
        return std::nullopt;
    }
    return store(request, write(changed->record, changed->now, request.prove),
                 SchemaKeeper::whole(true));
}

// ---- capture
// -------------------------------------------------------------------------------------

namespace {

constexpr const char *kNotReady = "55000";  // object_not_in_prerequisite_state

struct Recording {
    std::int64_t total = 0;
    std::vector<std::string> heads;
    std::string definition;
};

std::optional<Recording> find_recording(const std::string &role) {
    auto rows = Table("recording", Access::read).find(View::latest, {{1, role}});
    if (rows.empty()) return std::nullopt;
    pg::Row const &row = rows.front();
    return Recording{number(row, 4), std::get<pg::Texts>(row[4]), text(row, 6)};
}

[[noreturn]] void fail_without_recording() {
    pg::fail(kNotReady, fmt::format("role {} is not recording", core::quoted(pg::caller().role)),
             {}, "Call migrate.record(true) before the changes.");
}

}  // namespace

void start_recording() {
    pg::require_writable("migrate.record()");
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
    pg::Caller const caller = pg::caller();
    if (find_recording(caller.role))
        pg::fail(kNotReady, fmt::format("role {} is recording already", core::quoted(caller.role)),
                 {},
                 "End it with migrate.record_as('message'), or forget it with "
                 "migrate.record(false).");
    Summary const ledger = read_ledger_summary(View::latest);
    std::string text = to_text(read_recordable());
    Table("recording", Access::write)
        .insert({caller.role, caller.session_user, pg::now(), ledger.total, ledger.heads,
                 std::move(text)});
}

void drop_recording() {
    pg::require_writable("migrate.record()");
    if (Table("recording", Access::write).remove({{1, pg::caller().role}}) == 0)
        fail_without_recording();
}

std::optional<std::string> end_recording(Acceptance request) {
    begin("migrate.record_as()");
    std::string const role = pg::caller().role;
    std::optional<Recording> const recording = find_recording(role);
    if (!recording) fail_without_recording();
    Summary const ledger = read_ledger_summary(View::latest);
    if (ledger.total != recording->total || ledger.heads != recording->heads)
        pg::fail(kNotReady, "revisions were applied or taken back since the recording began",
                 "What they changed cannot be told from what was recorded.",
                 "Forget the recording with migrate.record(false); migrate.accept_drift('message') "
                 "makes a revision of all that was changed outside of migrations.");
    {
        Catalog const catalog(View::latest);
        require_at_heads(catalog, View::latest);
    }
    Snapshot const before = schema::snapshot_of_text(recording->definition);
    Snapshot const now = read_recordable();
    Table("recording", Access::write).remove({{1, role}});
    if (equal(before, now)) {
        pg::notice("nothing has changed since the recording began: no revision is made");
        return std::nullopt;
    }
    return store(request, write(before, now, request.prove), SchemaKeeper(before));
}

}  // namespace migrate::engine
