#include "engine/proof.hpp"

#include "pg/aside.hpp"
#include "pg/frame.hpp"
#include "pg/parser.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "schema/joined.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::kNone;
using schema::Object;
using schema::Snapshot;
using schema::Statement;

namespace {

constexpr int kRepairs = 3;
constexpr std::size_t kLongestValue = 60;

// One without a partner stands for its parts, too.
bool is_alone(const Snapshot &here, const Object &object, const Snapshot &there) {
    if (there.find(object.kind, object.identity) != kNone) return false;
    const Object *const parent = here.parent(object);
    return parent == nullptr || there.find(parent->kind, parent->identity) != kNone;
}

std::string shown(const std::string &value) {
    if (value.empty()) return "nothing";
    if (value.size() > kLongestValue || value.find('\n') != std::string::npos ||
        value.find(schema::kSeparator) != std::string::npos)
        return {};
    return value;
}

std::string difference(const Object &is, const Object &should, std::string_view attribute) {
    std::string const now = shown(is.get(attribute));
    std::string const wanted = shown(should.get(attribute));
    std::string const name(attribute);
    if (now.empty() || wanted.empty()) return name;
    return fmt::format("{} is {} instead of {}", name, now, wanted);
}

// Whether an error of that kind may not come when the object is made anew, and nothing is lost.
bool has_another_way(schema::Kind kind, const std::string &sqlstate) {
    switch (kind) {
        case schema::Kind::view:
        case schema::Kind::function:
        case schema::Kind::procedure:
        case schema::Kind::aggregate:
        case schema::Kind::trigger:
        case schema::Kind::rule:
        case schema::Kind::policy:
        case schema::Kind::index:
        case schema::Kind::statistics:
            return true;
        case schema::Kind::domain:
        case schema::Kind::composite:
        case schema::Kind::attribute:
        case schema::Kind::enumeration:  // values of these move over
            return !sqlstate.starts_with("22");
        case schema::Kind::extension:  // without a way to that version
        case schema::Kind::sequence:   // begins anew, also that of a column
        case schema::Kind::column:
            return sqlstate == "22023";
        default:
            return false;
    }
}

std::shared_ptr<const schema::Casts> read_casts() {
    auto casts = std::make_shared<schema::Casts>();
    std::string const name =
        "CASE WHEN {0}.typnamespace = 11 THEN format_type({0}.oid, NULL) ELSE "
        "(SELECT quote_ident(nspname) FROM pg_namespace WHERE oid = {0}.typnamespace) || '.' || "
        "quote_ident({0}.typname) END";
    for (const pg::TextRow &row : pg::query(fmt::format(
             "SELECT {}, {}, c.castcontext FROM pg_cast AS c "
             "JOIN pg_type AS s ON s.oid = c.castsource "
             "JOIN pg_type AS t ON t.oid = c.casttarget",
             fmt::format(fmt::runtime(name), "s"), fmt::format(fmt::runtime(name), "t"))))
        casts->add(*row[0], *row[1], (*row[2])[0]);
    return casts;
}

}  // namespace

schema::DiffOptions diff_options() {
    schema::DiffOptions options;
    options.style.role = pg::quote_name(pg::caller().role);
    options.style.version = pg::kMajorVersion;
    options.style.casts = read_casts();
    return options;
}

void run_all(const std::vector<Statement> &statements, std::size_t first, std::size_t &failed) {
    for (std::size_t i = first; i < statements.size(); i += schema::count_joined(statements, i)) {
        failed = i;
        std::string const sql = schema::joined(statements, i);
        pg::Section const section(sql);
        pg::ContextFrame const frame(sql);
        for (std::size_t part = 0; part < section.statements().size(); part++) {
            section.run_in_transaction(part);
            pg::allow_new_enum_values();
        }
    }
    failed = statements.size();
}

std::vector<std::string> arrive(const Snapshot &wanted, const schema::DiffOptions &options,
                                const Look &look, std::vector<Statement> &statements,
                                std::size_t &failed, const RunPlan &run) {
    Snapshot reached = look();
    for (int i = 0; i < kRepairs; i++) {
        std::vector<Statement> const more = diff(reached, wanted, options);
        if (more.empty()) return {};
        std::size_t const before = statements.size();
        statements.insert(statements.end(), more.begin(), more.end());
        run(statements, before, failed);
        Snapshot now = look();
        bool const stays = equal(now, reached);
        reached = std::move(now);
        if (!stays) continue;
        statements.resize(before);  // they are of no use
        break;
    }
    return deviations(reached, wanted);
}

void require_unchanged(const Snapshot &before, const Snapshot &now) {
    if (equal(before, now)) return;
    std::vector<std::string> const changed = deviations(now, before);
    pg::fail("40001", "the schema was changed by another session meanwhile",
             changed.empty() ? std::string() : changed.front() + ".", "Try again.");
}

bool find_another_way(const std::vector<Statement> &statements, std::size_t failed,
                      const std::string &sqlstate, schema::DiffOptions &options) {
    if (failed >= statements.size() || sqlstate.starts_with("23")) return false;
    if (schema::count_joined(statements, failed) > 1 && !sqlstate.starts_with("22"))
        return options.apart = true;
    Statement const &statement = statements[failed];
    bool const check = statement.kind == schema::Kind::domain_constraint;
    schema::Kind const kind = check ? schema::Kind::domain : statement.kind;
    if (!has_another_way(kind, sqlstate)) return false;
    std::string object = statement.object;
    if (check) object.resize(schema::last_part(object) - 1);  // of the domain
    if (!check && statement.change != schema::Change::alter) return false;
    return options.replaced.insert(fmt::format("{} {}", to_string(kind), object)).second;
}

std::vector<std::string> deviations(const Snapshot &reached, const Snapshot &wanted) {
    std::vector<std::string> result;
    for (const Object &object : wanted.objects())
        if (is_alone(wanted, object, reached))
            result.push_back(schema::label_of(object) + ": missing");
    for (const Object &object : reached.objects()) {
        if (is_alone(reached, object, wanted))
            result.push_back(schema::label_of(object) + ": not there before");
        schema::Ref const other = wanted.find(object.kind, object.identity);
        if (other == kNone) continue;
        std::vector<std::string> how;
        for (std::string_view const attribute : schema::differences(object, wanted[other]))
            how.push_back(difference(object, wanted[other], attribute));
        if (!how.empty())
            result.push_back(fmt::format("{}: {}", schema::label_of(object), fmt::join(how, ", ")));
    }
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace migrate::engine
