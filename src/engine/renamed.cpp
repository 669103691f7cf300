#include "engine/renamed.hpp"

#include "pg/query.hpp"

#include "engine/proof.hpp"
#include "schema/render.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::Change;
using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;
using schema::Statement;

namespace {

// What comes first: a new name of what is around something changes the way to call it.
enum class Level { none, schema, object, part };

Level level_of(const Object &object) {
    switch (object.kind) {
        case Kind::schema:
            return Level::schema;
        case Kind::table:
        case Kind::foreign_table:
        case Kind::view:
        case Kind::materialized_view:
        case Kind::sequence:
        case Kind::index:
        case Kind::enumeration:
        case Kind::domain:
        case Kind::composite:
        case Kind::range:
        case Kind::function:
        case Kind::procedure:
        case Kind::collation:
            return Level::object;
        case Kind::column:
        case Kind::attribute:
        case Kind::constraint:
        case Kind::foreign_key:
        case Kind::trigger:
        case Kind::policy:
        case Kind::rule:
            return object.has(".inherited") || object.has("clone") ? Level::none : Level::part;
        default:
            return Level::none;
    }
}

class Renaming {
 public:
    Renaming(const NamesThen &then, std::vector<Statement> &statements, std::size_t &failed)
        : then_(then), statements_(statements), failed_(failed) {}

    void operator()() {
        for (Level const level : {Level::schema, Level::object, Level::part}) {
            reading_ = read_snapshot();
            std::size_t const first = statements_.size();
            if (level == Level::object) {
                clear_the_way();
                make_schemas();
            }
            std::size_t const own = statements_.size();
            give_back(level);
            run_all(statements_, own, failed_);
            if (level == Level::schema && statements_.size() == first && !any()) break;
        }
        enum_values();
    }

 private:
    const Object *former(Ref ref) const {
        Address const &address = reading_.addresses[ref];
        if (address.object == 0) return nullptr;
        auto const found = then_.objects.find(address);
        return found == then_.objects.end() || found->second.kind != reading_.snapshot[ref].kind
                   ? nullptr
                   : &found->second;
    }

    bool changed(Ref ref) const {
        const Object *const old = former(ref);
        const Object &now = reading_.snapshot[ref];
        if (old == nullptr || level_of(now) == Level::none) return false;
        if (level_of(now) == Level::object && moved(*old, now)) return true;
        bool const of_type =
            now.kind == Kind::column && reading_.snapshot.parent(now)->has("of_type");
        return old->name != now.name && !of_type;
    }

    // An index goes where its table goes, a sequence of a column, too.
    static bool moved(const Object &old, const Object &now) {
        return old.schema != now.schema && now.kind != Kind::index;
    }

    bool any() const {
        for (Ref ref = 0; ref < reading_.snapshot.size(); ref++)
            if (changed(ref)) return true;
        return false;
    }

    // Something new that has the name which something old wants back.
    void clear_the_way() {
        std::set<std::pair<Kind, std::string>> wanted;
        for (Ref ref = 0; ref < reading_.snapshot.size(); ref++)
            if (changed(ref)) wanted.emplace(former(ref)->kind, former(ref)->identity);
        if (wanted.empty()) return;
        schema::Snapshot const free =
            schema::Snapshot(reading_.snapshot).without([&](Ref ref, const Object &object) {
                return wanted.count({object.kind, object.identity}) != 0 && former(ref) == nullptr;
            });
        std::size_t const first = statements_.size();
        for (Statement &statement : diff(reading_.snapshot, free, diff_options()))
            statements_.push_back(std::move(statement));
        run_all(statements_, first, failed_);
        if (statements_.size() > first) reading_ = read_snapshot();
    }

    // Schemas that something goes back to, and that the upgrade has dropped.
    void make_schemas() {
        std::set<std::string> missing;
        for (Ref ref = 0; ref < reading_.snapshot.size(); ref++)
            if (level_of(reading_.snapshot[ref]) == Level::object && changed(ref) &&
                reading_.snapshot.find(Kind::schema, former(ref)->schema) == kNone)
                missing.insert(former(ref)->schema);
        std::size_t const first = statements_.size();
        for (const std::string &schema : missing)
            statements_.push_back(
                {"CREATE SCHEMA " + schema, {}, Kind::schema, schema, Change::create, true});
        run_all(statements_, first, failed_);
    }

    // Something on its way to the name that it had.
    struct Move {
        Ref ref;
        Object now;
        const Object *old;
    };

    // What cannot be twice where this is.
    std::string place(const Object &object, const std::string &around) const {
        Kind const kind = level_of(object) == Level::object  ? Kind::table
                          : object.kind == Kind::foreign_key ? Kind::constraint
                                                             : object.kind;
        return fmt::format("{} {}.{}", to_string(kind), around, object.name);
    }

    // Whoever has a name that another one wants back goes first; in a circle, by a name aside.
    void give_back(Level level) {
        std::vector<Move> moves;
        for (Ref ref = 0; ref < reading_.snapshot.size(); ref++)
            if (const Object &now = reading_.snapshot[ref]; level_of(now) == level && changed(ref))
                moves.push_back({ref, now, former(ref)});
        auto const around = [&](const Object &object, const Object &now) {
            return level == Level::part ? reading_.snapshot.parent(now)->identity : object.schema;
        };
        auto const in_the_way = [&](const Move &move) {
            std::string const wanted = place(*move.old, around(*move.old, move.now));
            return std::any_of(moves.begin(), moves.end(), [&](const Move &other) {
                return other.ref != move.ref &&
                       place(other.now, around(other.now, other.now)) == wanted;
            });
        };
        while (!moves.empty()) {
            auto const free = std::find_if_not(moves.begin(), moves.end(), in_the_way);
            if (free != moves.end()) {
                give_back(*free, level);
                moves.erase(free);
                continue;
            }
            Move &first = moves.front();
            Object between = first.now;
            between.name = schema::aside(first.now);
            rename(first.now, between.name);
            between.identity =
                level == Level::object ? schema::identity_aside(first.now) : between.name;
            first.now = std::move(between);
        }
    }

    void give_back(const Move &move, Level level) {
        const Object &now = move.now;
        const Object &old = *move.old;
        if (now.name != old.name) rename(now, old.name);
        if (level != Level::object || !moved(old, now) || goes_along(move.ref)) return;
        std::string const suffix = now.identity.substr(
            std::min(now.identity.size(), now.schema.size() + 1 + now.name.size()));
        add(now, fmt::format("ALTER {} {}.{}{} SET SCHEMA {}", info(now.kind).noun, now.schema,
                             old.name, suffix, old.schema));
    }

    void rename(const Object &now, const std::string &name) {
        if (level_of(now) == Level::part) return rename_part(now, name);
        add(now, fmt::format("ALTER {} {} RENAME TO {}", info(now.kind).noun, now.identity, name));
    }

    // A sequence that a column owns.
    bool goes_along(Ref ref) const {
        return reading_.snapshot[ref].kind == Kind::sequence &&
               std::any_of(reading_.snapshot.objects().begin(), reading_.snapshot.objects().end(),
                           [&](const Object &other) {
                               return other.kind == Kind::sequence_owner && other.parent == ref;
                           });
    }

    void rename_part(const Object &now, const std::string &name) {
        const Object &parent = *reading_.snapshot.parent(now);
        switch (now.kind) {
            case Kind::attribute:
                return add(now, fmt::format("ALTER TYPE {} RENAME ATTRIBUTE {} TO {}",
                                            parent.identity, now.name, name));
            case Kind::trigger:
            case Kind::policy:
            case Kind::rule:
                return add(now, fmt::format("ALTER {} {} ON {} RENAME TO {}", info(now.kind).noun,
                                            now.name, parent.identity, name));
            default:
                break;
        }
        bool const column = now.kind == Kind::column;
        if (column && parent.kind != Kind::table && parent.kind != Kind::foreign_table) return;
        add(now, fmt::format("ALTER {} {} RENAME {} {} TO {}", info(parent.kind).noun,
                             parent.identity, column ? "COLUMN" : "CONSTRAINT", now.name, name));
    }

    void enum_values() {
        std::size_t const first = statements_.size();
        for (auto const &[oid, now] : read_names({}).enum_values) {
            auto const old = then_.enum_values.find(oid);
            if (old == then_.enum_values.end() || old->second.second == now.second) continue;
            statements_.push_back(
                {fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", now.first,
                             schema::literal(now.second), schema::literal(old->second.second)),
                 {},
                 Kind::enumeration,
                 now.first,
                 Change::rename,
                 true});
        }
        run_all(statements_, first, failed_);
    }

    void add(const Object &object, std::string sql) {
        statements_.push_back(
            {std::move(sql), {}, object.kind, object.identity, Change::rename, true});
    }

    const NamesThen &then_;
    std::vector<Statement> &statements_;
    std::size_t &failed_;
    Reading reading_;
};

}  // namespace

NamesThen read_names(const Reading &reading) {
    NamesThen names;
    for (Ref ref = 0; ref < reading.snapshot.size(); ref++)
        if (reading.addresses[ref].object != 0)
            names.objects.emplace(reading.addresses[ref], reading.snapshot[ref]);
    for (const pg::TextRow &row :
         pg::query("SELECT e.oid, format_type(e.enumtypid, NULL), e.enumlabel FROM pg_enum AS e "
                   "WHERE e.oid >= 16384"))
        names.enum_values.emplace(*row[0], std::pair(*row[1], *row[2]));
    return names;
}

void give_names_back(const NamesThen &then, std::vector<Statement> &statements,
                     std::size_t &failed) {
    Renaming(then, statements, failed)();
}

}  // namespace migrate::engine
