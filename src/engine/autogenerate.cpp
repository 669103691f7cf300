#include "engine/autogenerate.hpp"

#include "engine/desired.hpp"
#include "engine/other_database.hpp"
#include "engine/polite.hpp"
#include "engine/proof.hpp"
#include "engine/turn.hpp"
#include "pg/aside.hpp"
#include "pg/emptied.hpp"
#include "pg/frame.hpp"
#include "pg/parser.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "schema/joined.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::Rename;
using schema::Snapshot;
using schema::Statement;

namespace {

constexpr std::int64_t kLargeTable = std::int64_t{64} << 20;  // bytes; tried without its rows

// Input functions of types have errors of their own.
bool may_be_about_rows(const std::string &sqlstate) {
    return !sqlstate.starts_with("57") && !sqlstate.starts_with("55") &&
           !sqlstate.starts_with("40");
}

class Prover {
 public:
    Prover(const Snapshot &current, const Snapshot &desired, const GenerateOptions &options)
        : current_(current), desired_(desired), options_(options) {
        forth_ = diff_options();
        forth_.style.online = options.online;
        back_ = forth_;
    }

    Generated prove() {
        Generated result;
        while (!schema::equal(current_, desired_) && !attempt(result)) {
        }
        for (auto const &[from, to] : options_.renames.said)
            if (to) require_taken(from, *to, result.renames);
        return result;
    }

 private:
    static bool is_there(const Snapshot &snapshot, const std::string &identity) {
        return std::any_of(snapshot.objects().begin(), snapshot.objects().end(),
                           [&](const schema::Object &o) { return o.identity == identity; });
    }

    // A rename that the caller has said, unless it is done already.
    void require_taken(const std::string &from, const std::string &to,
                       const std::vector<Rename> &taken) const {
        auto const is_it = [&](const Rename &r) { return r.from == from && r.to == to; };
        bool const done = is_there(current_, to) && !is_there(current_, from);
        if (std::any_of(taken.begin(), taken.end(), is_it) || done || from == to) return;
        std::string why = fmt::format("{} is not in the wanted schema.", to);
        if (!is_there(desired_, to) && from.find('\'') != std::string::npos)
            why = "There is no such value.";
        else if (is_there(current_, to))
            why = fmt::format("There is a {} already, with things of its own.", to);
        else if (is_there(desired_, from))
            why = fmt::format("{} is in the wanted schema too.", from);
        else if (is_there(desired_, to))
            why = fmt::format("{} is not there, or is something else.", from);
        pg::fail("22023", fmt::format("{} cannot be renamed to {}", from, to), why,
                 "Names are those that migrate.diff() shows; of a part, with the new name of what "
                 "it is a part of.");
    }

    // False: something failed that may be done in another way.
    bool attempt(Generated &result) {
        result = {};
        emptied_ = {};
        all_ = {};
        pg::SubTransaction work;
        std::vector<Statement> *running = &result.up;
        std::size_t failed = 0;
        try {
            pg::SettingsLevel settings;
            settings.set("client_min_messages", "error");
            settings.set("check_function_bodies", "off");
            settings.set("lock_timeout", statement_lock_timeout());
            result.refused = refused_;
            without_rows_ = options_.backwards && !refused_.empty();
            renamed_.reset();
            Snapshot const &renamed = renamed_.emplace(rename(result, failed));
            add(result.up, diff(renamed, desired_, forth_), failed);
            arrive(desired_, forth_, result.up, failed, "upgrade", result.unproven);
            running = &result.down;
            without_rows_ = !refused_.empty();
            add(result.down, diff(desired_, renamed, back_), failed);
            for (auto rename = result.renames.rbegin(); rename != result.renames.rend(); ++rename)
                add(result.down, {rename->down}, failed);
            arrive(current_, back_, result.down, failed, "downgrade", result.unproven);
            for (Oid const table : emptied_.tables())
                result.emptied.push_back(pg::qualified_name(table));
            settings.close();
            work.roll_back();
            return true;
        } catch (const pg::PgError &error) {
            work.roll_back();
            pg::ErrorText const text = pg::current_error_text();
            schema::DiffOptions &direction = running == &result.up ? forth_ : back_;
            if (find_another_way(*running, failed, text.sqlstate, direction)) return false;
            // What it does to the schema shows without rows, too.
            bool const is_way_back = running == (options_.backwards ? &result.up : &result.down);
            if (is_way_back && refused_.empty() && may_be_about_rows(text.sqlstate)) {
                refused_ = fmt::format("{} ({})", text.message, text.context);
                return false;
            }
            if (text.sqlstate.starts_with("57")) throw;
            if (!options_.tolerant) {
                std::string const hint =
                    "This is a statement of the plan, as it was tried. " + options_.way_on;
                pg::add_hint(error, hint.c_str());
                throw;
            }
            give_unproven(result);
            result.unproven.push_back(fmt::format("{} ({})", text.message, text.context));
            return true;
        } catch (...) {
            work.roll_back();
            throw;
        }
    }

    // As it would be without the proof.
    void give_unproven(Generated &result) {
        if (!renamed_) result.renames.clear();  // one of them has failed
        const Snapshot &start = renamed_ ? *renamed_ : current_;
        result.up.clear();
        for (const Rename &rename : result.renames) result.up.push_back(rename.up);
        for (Statement &statement : diff(start, desired_, forth_))
            result.up.push_back(std::move(statement));
        result.down = diff(desired_, start, back_);
        for (auto rename = result.renames.rbegin(); rename != result.renames.rend(); ++rename)
            result.down.push_back(rename->down);
    }

    Snapshot read() const { return schema::filtered(read_snapshot().snapshot, options_.filter); }

    // Runs statements as they are going to run, but all in this transaction. `failed` is the number
    // of the one that is running.
    void add(std::vector<Statement> &statements, const std::vector<Statement> &more,
             std::size_t &failed) {
        std::size_t const before = statements.size();
        statements.insert(statements.end(), more.begin(), more.end());
        run_from(statements, before, failed);
    }

    void run_from(const std::vector<Statement> &statements, std::size_t first,
                  std::size_t &failed) {
        for (failed = first; failed < statements.size();
             failed += schema::count_joined(statements, failed))
            run(schema::joined(statements, failed));
    }

    void run(const std::string &sql) {
        pg::Section const section(sql);
        pg::ContextFrame const frame(sql);
        for (std::size_t part = 0; part < section.statements().size(); part++) {
            pg::RelationLocks locks;
            section.add_locks(part, locks);
            (without_rows_ ? all_ : emptied_).empty(locks, without_rows_ ? 0 : kLargeTable);
            section.run_in_transaction(part);
            pg::allow_new_enum_values();
        }
    }

    // Names first: what is left is a matter of definitions.
    Snapshot rename(Generated &result, std::size_t &failed) {
        Snapshot state = current_;
        schema::RenameOptions options = options_.renames;
        while (true) {
            std::vector<Rename> waiting;
            result.offers.clear();
            for (Rename &rename : schema::find_renames(state, desired_, options))
                (rename.confidence < options_.rename_threshold ? result.offers : waiting)
                    .push_back(std::move(rename));
            if (waiting.empty()) return state;
            // A schema that is renamed takes all along that is in it.
            if (std::any_of(waiting.begin(), waiting.end(), is_schema))
                std::erase_if(waiting, [](const Rename &rename) { return !is_schema(rename); });
            if (make_schema_of(waiting.front(), state, result, failed)) {
                state = read();
                continue;
            }
            schema::NamesInUse const names(state);
            bool taken = false;
            for (const Rename &rename : waiting) {
                if (names.in_the_way(rename)) continue;
                bool const said = options_.renames.said.count(rename.from) != 0;
                if (!take(rename, said, result, failed)) options.said[rename.from] = std::nullopt;
                taken = true;
            }
            // Each waits for a name that another one has to give up, or that something has that is
            // going to be dropped.
            if (!taken && !take(names.make_room(waiting.front()), false, result, failed))
                options.said[waiting.front().from] = std::nullopt;
            state = read();
        }
    }

    static bool is_schema(const Rename &rename) { return rename.kind == schema::Kind::schema; }

    // What moves to a schema that is new wants to find it there.
    bool make_schema_of(const Rename &rename, const Snapshot &state, Generated &result,
                        std::size_t &failed) {
        if (rename.schema.empty() ||
            state.find(schema::Kind::schema, rename.schema) != schema::kNone)
            return false;
        auto const statement = [&](const char *verb, schema::Change change) {
            return Statement{fmt::format("{} SCHEMA {}", verb, rename.schema),
                             {},
                             schema::Kind::schema,
                             rename.schema,
                             change,
                             true};
        };
        take({schema::Kind::schema,
              {},
              rename.schema,
              1,
              statement("CREATE", schema::Change::create),
              statement("DROP", schema::Change::drop),
              {},
              {}},
             true, result, failed);
        return true;
    }

    // False: it does not work, and nobody has said that it must.
    bool take(const Rename &rename, bool said, Generated &result, std::size_t &failed) {
        if (said) {
            add(result.up, {rename.up}, failed);
            result.renames.push_back(rename);
            return true;
        }
        std::size_t const before = result.up.size();
        pg::SubTransaction attempt;
        try {
            add(result.up, {rename.up}, failed);
            attempt.commit();
        } catch (const pg::PgError &) {
            attempt.roll_back();
            if (pg::current_error_text().sqlstate.starts_with("57")) throw;
            result.up.resize(before);
            return false;
        } catch (...) {
            attempt.roll_back();
            throw;
        }
        result.renames.push_back(rename);
        return true;
    }

    // What is still different is changed by further statements.
    void arrive(const Snapshot &wanted, const schema::DiffOptions &options,
                std::vector<Statement> &statements, std::size_t &failed, const char *direction,
                std::vector<std::string> &unproven) {
        auto const run = [this](const std::vector<Statement> &list, std::size_t first,
                                std::size_t &at) { run_from(list, first, at); };
        for (const std::string &what : engine::arrive(
                 wanted, options, [this] { return read(); }, statements, failed, run))
            unproven.push_back(fmt::format("{}, after the {}", what, direction));
    }

    const Snapshot &current_;
    const Snapshot &desired_;
    const GenerateOptions &options_;
    // What is made anew in the one direction need not be in the other.
    schema::DiffOptions forth_;
    schema::DiffOptions back_;
    std::optional<Snapshot> renamed_;  // current_ with its new names
    pg::EmptiedTables emptied_;
    bool without_rows_ = false;
    pg::EmptiedTables all_;
    std::string refused_;
};

// It is what is in it that is compared: the schema itself stays as it is.
void keep_schema_as_it_is(const Snapshot &current, const std::string &name, Snapshot &desired) {
    std::string const identity = schema::identifier(name);
    schema::Ref const now = current.find(schema::Kind::schema, identity);
    schema::Ref const then = desired.find(schema::Kind::schema, identity);
    if (now != schema::kNone && then != schema::kNone)
        desired[then].attributes = current[now].attributes;
}

// Another schema under the name of the one that is compared with it.
Snapshot read_other_schema(const std::string &theirs, const Snapshot &current,
                           const schema::Filter &filter) {
    if (filter.schemas.size() != 1)
        pg::fail("22023", "target_schema needs one schema to be compared with it", {},
                 "Say it with schemas => '{...}'.");
    std::string const &ours = *filter.schemas.begin();
    Oid const their_oid = pg::find_schema(theirs);
    if (their_oid == InvalidOid)
        pg::fail("3F000", fmt::format("schema \"{}\" does not exist", theirs));
    if (current.find(schema::Kind::schema, schema::identifier(theirs)) == schema::kNone)
        pg::fail("22023", fmt::format("schema \"{}\" is none of the user's", theirs));
    pg::SubTransaction work;
    try {
        if (Oid const our_oid = pg::find_schema(ours); our_oid != InvalidOid)
            pg::rename_entry(pg::schema_catalog(), our_oid,
                             fmt::format("migrate_aside_{}", our_oid));
        pg::show_changes();
        pg::rename_entry(pg::schema_catalog(), their_oid, ours);
        pg::show_changes();
        Snapshot snapshot = read_snapshot().snapshot;
        work.roll_back();
        keep_schema_as_it_is(current, ours, snapshot);
        return snapshot;
    } catch (...) {
        work.roll_back();
        throw;
    }
}

Snapshot read_target(const Target &target, const Reading &current, const schema::Filter &filter) {
    if (target.ddl.has_value() + target.schema.has_value() + target.database.has_value() != 1)
        pg::fail("22023", "give one of target, target_schema and target_database");
    Snapshot snapshot = target.ddl ? read_desired(*target.ddl, current, filter.schemas).snapshot
                        : target.schema
                            ? read_other_schema(*target.schema, current.snapshot, filter)
                            : read_other_database(*target.database);
    for (const std::string &name : filter.schemas) {
        std::string const identity = schema::identifier(name);
        if (current.snapshot.find(schema::Kind::schema, identity) == schema::kNone &&
            snapshot.find(schema::Kind::schema, identity) == schema::kNone)
            pg::fail("3F000", fmt::format("schema \"{}\" does not exist", name),
                     "Neither here, nor in what is wanted.");
    }
    return snapshot;
}

Generated generate_now(const Target &target, const GenerateOptions &options) {
    Reading const current = read_snapshot();
    Snapshot desired =
        schema::filtered(read_target(target, current, options.filter), options.filter);
    Snapshot const now = schema::filtered(current.snapshot, options.filter);
    schema::keep_schemas_in_use(current.snapshot, now, desired);
    Generated result = generate(now, desired, options);
    require_unchanged(current.snapshot, read_snapshot().snapshot);
    return result;
}

}  // namespace

Generated generate(const Target &target, const GenerateOptions &options) {
    pg::SubTransaction work;
    try {
        take_turn(pg::LockName::turn);
        take_turn(pg::LockName::run);
        Generated result = generate_now(target, options);
        work.roll_back();
        return result;
    } catch (...) {
        work.roll_back();
        throw;
    }
}

Generated generate(const Snapshot &current, const Snapshot &desired,
                   const GenerateOptions &options) {
    return Prover(current, desired, options).prove();
}

namespace {

// The argument that says of a rename what it is; `to`: a JSON value.
std::string said(const std::string &from, const std::string &to) {
    return "renames => " +
           schema::literal(fmt::format("{{{}: {}}}", schema::json_string(from), to));
}

}  // namespace

void report(const Generated &generated, bool backwards) {
    for (const Rename &rename : generated.renames)
        if (rename.confidence < 1)
            pg::notice(fmt::format("{} {} is taken for renamed to {}", to_string(rename.kind),
                                   backwards ? rename.to : rename.from,
                                   backwards ? rename.from : rename.to),
                       fmt::format("Confidence {:.2f}.", rename.confidence),
                       backwards ? std::string()
                                 : fmt::format("If it is not: {}.", said(rename.from, "null")));
    if (!backwards)
        for (const Rename &rename : generated.offers)
            pg::notice(
                fmt::format("{} {} may have been renamed to {}", to_string(rename.kind),
                            rename.from, rename.to),
                fmt::format("Confidence {:.2f}.", rename.confidence),
                fmt::format("If it is: {}.", said(rename.from, schema::json_string(rename.to))));
    for (const std::string &text : generated.unproven) pg::warning("not proven: " + text);
    if (!generated.refused.empty())
        pg::notice("the downgrade fails with the rows as they are", generated.refused,
                   "It is proven without them.");
    if (!generated.emptied.empty())
        pg::notice("large tables were tried without their rows",
                   fmt::format("{}.", fmt::join(generated.emptied, ", ")),
                   "Whether all rows fit shows when the revision runs.");
}

bool want_commits(const std::vector<Statement> &statements) {
    bool added = false;
    for (const Statement &statement : statements) {
        if (added && statement.sql.find(" VALIDATE CONSTRAINT ") != std::string::npos) return true;
        added = added || statement.sql.ends_with(" NOT VALID");
    }
    return false;
}

namespace {

// A statement with what to know before it runs.
std::string with_remarks(const std::vector<Statement> &statements, std::size_t first) {
    std::string text;
    std::size_t const end = first + schema::count_joined(statements, first);
    for (std::size_t i = first; i < end; i++)
        for (const schema::Hazard &hazard : statements[i].hazards) {
            if (hazard.risk == schema::Risk::locks || hazard.risk == schema::Risk::breaks_code)
                continue;
            std::string const line =
                fmt::format("-- {}: {}\n", to_string(hazard.risk), hazard.text);
            if (text.find(line) == std::string::npos) text += line;
        }
    return text + schema::joined(statements, first) + ";\n";
}

}  // namespace

std::string to_script(const std::vector<Statement> &statements) {
    std::string text;
    // Nor does pg_dump: a body may name what comes later.
    if (std::any_of(statements.begin(), statements.end(), [](const Statement &statement) {
            return (statement.kind == schema::Kind::function ||
                    statement.kind == schema::Kind::procedure) &&
                   statement.sql.starts_with("CREATE ");
        }))
        text = "SET check_function_bodies = off;\n";
    for (std::size_t i = 0; i < statements.size(); i += schema::count_joined(statements, i))
        text += with_remarks(statements, i);
    return text;
}

}  // namespace migrate::engine
