#include "schema/rename.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "schema/names.hpp"
#include "schema/render.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

constexpr double kSure = 1.0;
constexpr double kSame = 0.95;      // the same in all but the name, and the only one of the kind
constexpr double kSamePlace = 0.9;  // the same, and where the other one was
constexpr double kOneOfMany = 0.5;  // the same, but others are, too

// Its name may change without anything else.
bool has_name(Kind kind) {
    switch (kind) {
        case Kind::extension:
        case Kind::shell_type:
        case Kind::access_method:
        case Kind::user_mapping:
        case Kind::cast:
        case Kind::transform:
        case Kind::operator_:
        case Kind::inheritance:
        case Kind::sequence_owner:
        case Kind::default_value:
        case Kind::partition:
        case Kind::index_partition:
        case Kind::publication_table:
        case Kind::publication_schema:
        case Kind::default_privileges:
        case Kind::member:
            return false;
        default:
            return true;
    }
}

// A definition without the object's own name in it.
std::string nameless(const Object &object) {
    std::string text;
    for (const Attribute &attribute : object.attributes) {
        if (attribute.name.front() == '.' || attribute.name == "comment" ||
            attribute.name == "acl" || attribute.name == "owner")
            continue;
        std::string value = attribute.value;
        if (attribute.name == "definition" && object.kind != Kind::view &&
            object.kind != Kind::materialized_view && object.kind != Kind::constraint &&
            object.kind != Kind::foreign_key) {
            std::string const qualified = object.schema + "." + object.name;
            std::size_t at = value.find(qualified);
            std::size_t length = qualified.size();
            if (at == std::string::npos || object.kind == Kind::index ||
                object.kind == Kind::trigger || object.kind == Kind::rule) {
                at = value.find(" " + object.name + " ");
                length = object.name.size() + 2;
            }
            if (at != std::string::npos) value.replace(at, length, "\x1d");
        }
        text += std::string(attribute.name) + "=" + value + "\x1c";
    }
    return text;
}

Hazard breaks_code() {
    return {Risk::breaks_code, "Running programs may still use the old name."};
}

Statement rename_statement(const World &world, const Object &from, const Object &to) {
    KindInfo const &kind = info(from.kind);
    std::string sql;
    switch (from.kind) {
        case Kind::column:
            sql = fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", world.home(from), from.name,
                              to.name);
            break;
        case Kind::attribute:
            sql = fmt::format("ALTER TYPE {} RENAME ATTRIBUTE {} TO {}", world.home(from),
                              from.name, to.name);
            break;
        case Kind::constraint:
        case Kind::foreign_key:
            sql = fmt::format("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", world.home(from),
                              from.name, to.name);
            break;
        case Kind::domain_constraint:
            sql = fmt::format("ALTER DOMAIN {} RENAME CONSTRAINT {} TO {}", world.home(from),
                              from.name, to.name);
            break;
        case Kind::trigger:
        case Kind::rule:
        case Kind::policy:
            sql = fmt::format("ALTER {} {} ON {} RENAME TO {}", kind.noun, from.name,
                              world.home(from), to.name);
            break;
        default:
            if (from.name == to.name)
                sql = fmt::format("ALTER {} {} SET SCHEMA {}", kind.noun, from.identity, to.schema);
            else
                sql = fmt::format("ALTER {} {} RENAME TO {}", kind.noun, from.identity, to.name);
            if (from.name != to.name && from.schema != to.schema)
                sql += fmt::format(
                    ";\nALTER {} {}.{}{} SET SCHEMA {}", kind.noun, from.schema, to.name,
                    from.identity.substr(from.schema.size() + 1 + from.name.size()), to.schema);
            break;
    }
    return {std::move(sql), {breaks_code()}, from.kind, from.identity, Change::rename, true};
}

class Finder {
 public:
    Finder(const World &before, const World &after, const RenameOptions &options)
        : before_(before), after_(after), options_(options) {}

    std::vector<Rename> find() {
        collect();
        take_said();
        for (std::size_t kind = 0; kind < kKinds; kind++) match(static_cast<Kind>(kind));
        find_values();
        find_moved_extensions();
        return std::move(renames_);
    }

 private:
    struct Candidate {
        Ref from;
        Ref to;
        double confidence;
    };

    // Where an object may find its other name: its parent, its schema.
    static std::string place(const World &world, const Object &object) {
        if (object.kind == Kind::index || object.kind == Kind::statistics)
            return world.home(object);
        if (object.parent != kNone)
            return fmt::format("{} {}", to_string(world[object.parent].kind), world.home(object));
        return object.schema;
    }

    bool has_place(const World &world, const World &other, const Object &object) const {
        if (object.parent != kNone)
            return other.snapshot().find(world[object.parent].kind, world.home(object)) != kNone;
        return true;  // a schema can be made first, and dropped last
    }

    void collect() {
        for (Ref ref = 0; ref < before_.size(); ref++) {
            const Object &object = before_[ref];
            if (has_name(object.kind) &&
                after_.snapshot().find(object.kind, object.identity) == kNone &&
                has_place(before_, after_, object))
                gone_[object.kind].push_back(ref);
        }
        for (Ref ref = 0; ref < after_.size(); ref++) {
            const Object &object = after_[ref];
            if (has_name(object.kind) &&
                before_.snapshot().find(object.kind, object.identity) == kNone &&
                has_place(after_, before_, object))
                come_[object.kind].push_back(ref);
        }
    }

    void take_said() {
        for (auto const &[from, to] : options_.said) {
            if (!to) {
                refused_.insert(from);
                continue;
            }
            // Whatever has the old name then: in a row of renames, the next one.
            for (std::size_t i = 0; i < kKinds; i++) {
                auto const kind = static_cast<Kind>(i);
                Ref const old = before_.snapshot().find(kind, from);
                Ref const recent = after_.snapshot().find(kind, *to);
                if (old != kNone && recent != kNone && has_name(kind) &&
                    before_.snapshot().find(kind, *to) == kNone &&
                    has_place(before_, after_, before_[old]) &&
                    has_place(after_, before_, after_[recent]))
                    take({old, recent, kSure});
            }
        }
    }

    void take(const Candidate &candidate) {
        const Object &from = before_[candidate.from];
        const Object &to = after_[candidate.to];
        if (!taken_.insert(label_of(from)).second || !taken_.insert("to " + label_of(to)).second)
            return;
        Statement back = rename_statement(after_, to, from);
        back.object = from.identity;  // the two are about one thing
        renames_.push_back({from.kind, from.identity, to.identity, candidate.confidence,
                            rename_statement(before_, from, to), std::move(back),
                            from.schema == to.schema || from.parent != kNone ? "" : to.schema,
                            taken_names(after_, candidate.to)});
    }

    using Words = std::vector<std::string>;  // sorted

    // The share of the words of both that both have.
    static double common_share(const Words &a, const Words &b) {
        Words common;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
        std::size_t const all = a.size() + b.size() - common.size();
        return all == 0 ? 0 : static_cast<double>(common.size()) / static_cast<double>(all);
    }

    // What tells a table: its columns with their types; a schema: its objects.
    static Words contents(const World &world, Ref ref) {
        Words words;
        if (world[ref].kind == Kind::schema) {
            for (const Object &object : world.snapshot().objects())
                if (object.schema == world[ref].name && object.parent == kNone &&
                    object.kind != Kind::schema)
                    words.push_back(label_without_schema(object));
        } else {
            for (Ref const child : world.children(ref))
                if (world[child].kind == Kind::column)
                    words.push_back(world[child].name + " " + world[child].get("type"));
        }
        std::sort(words.begin(), words.end());
        return words;
    }

    static std::string label_without_schema(const Object &object) {
        return fmt::format("{} {}", to_string(object.kind), object.name);
    }

    double likeness(Ref old, Ref recent) {
        auto const known = [](std::map<Ref, Words> &all, const World &world, Ref ref) -> Words & {
            auto const [at, fresh] = all.try_emplace(ref);
            if (fresh) at->second = contents(world, ref);
            return at->second;
        };
        return common_share(known(old_contents_, before_, old),
                            known(new_contents_, after_, recent));
    }

    double confidence(Ref old, Ref recent) {
        const Object &from = before_[old];
        const Object &to = after_[recent];
        if (from.kind == Kind::schema) return kSame * likeness(old, recent);
        if (from.kind == Kind::table || from.kind == Kind::foreign_table) {
            if (!same(from, to, "partition_by") || !same(from, to, "server")) return 0;
            double const alike = likeness(old, recent);
            if (from.schema != to.schema) return from.name == to.name ? kSame * alike : 0;
            return kSame * alike;
        }
        bool const alike = nameless(from) == nameless(to);
        if (from.schema != to.schema && goes_with_table(old)) return 0;
        if (from.schema != to.schema && from.parent == kNone)
            return from.name == to.name && alike ? kSame : 0;
        if (place(before_, from) != place(after_, to)) return 0;
        // What a table has inherited is not what was its own.
        if (from.kind == Kind::constraint && from.has(".inherited") != to.has(".inherited"))
            return 0;
        if (!alike) return 0;
        if (from.kind == Kind::column || from.kind == Kind::attribute) {
            if (from.has(".inherited") || to.has(".inherited")) return 0;
            return from.position == to.position ? kSame : kSamePlace;
        }
        // Functions with other arguments are other functions.
        if (from.kind == Kind::function || from.kind == Kind::procedure ||
            from.kind == Kind::aggregate)
            return from.identity.substr(from.identity.find('(')) ==
                           to.identity.substr(to.identity.find('('))
                       ? kSame
                       : 0;
        return kSame;
    }

    // A sequence that a column owns moves to another schema with the table, and not without it.
    bool goes_with_table(Ref ref) const {
        auto const &links = before_.children(ref);
        return before_[ref].kind == Kind::sequence &&
               std::any_of(links.begin(), links.end(),
                           [&](Ref link) { return before_[link].kind == Kind::sequence_owner; });
    }

    void match(Kind kind) {
        std::vector<Candidate> candidates;
        for (Ref const old : gone_[kind])
            for (Ref const recent : come_[kind]) {
                if (refused_.count(before_[old].identity) != 0) continue;
                if (double const value = confidence(old, recent); value > 0)
                    candidates.push_back({old, recent, value});
            }
        auto const rivals = [&](const Candidate &candidate) {
            return std::count_if(candidates.begin(), candidates.end(), [&](const Candidate &other) {
                return (other.from == candidate.from) != (other.to == candidate.to) &&
                       other.confidence >= candidate.confidence - 0.1;
            });
        };
        std::vector<Candidate> judged = candidates;
        for (Candidate &candidate : judged)
            if (rivals(candidate) > 0 && holds_data(kind))
                candidate.confidence = std::min(candidate.confidence, kOneOfMany);
        std::stable_sort(judged.begin(), judged.end(), [](const Candidate &a, const Candidate &b) {
            return a.confidence > b.confidence;
        });
        for (const Candidate &candidate : judged) take(candidate);
    }

    static bool holds_data(Kind kind) {
        return kind == Kind::table || kind == Kind::column || kind == Kind::attribute ||
               kind == Kind::sequence || kind == Kind::schema || kind == Kind::foreign_table;
    }

    using Values = std::vector<std::string_view>;

    static Values without(const Values &values, const Values &others) {
        Values rest;
        for (std::string_view const value : values)
            if (std::find(others.begin(), others.end(), value) == others.end())
                rest.push_back(value);
        return rest;
    }

    // Values of an enum that others stand in the place of.
    void find_values() {
        for (Ref ref = 0; ref < before_.size(); ref++) {
            const Object &from = before_[ref];
            if (from.kind != Kind::enumeration) continue;
            Ref const other = after_.snapshot().find(from.kind, from.identity);
            if (other == kNone) continue;
            auto const a = from.list("values");
            auto const b = after_[other].list("values");
            Values const gone = without(a, b);
            Values const come = without(b, a);
            if (gone.empty() || come.empty()) continue;
            for (std::string_view const value : gone)
                if (auto const said = options_.said.find(value_of(from, value));
                    said != options_.said.end() && said->second)
                    for (std::string_view const recent : come)
                        if (*said->second == value_of(from, recent))
                            rename_value(from, value, recent, kSure);
            if (without(a, gone) != without(b, come)) continue;  // they have been sorted anew
            // Where nothing stays, it may be anything.
            bool const likely = gone.size() < a.size() || (a.size() == 1 && b.size() == 1);
            guess_values(from, a, b, likely ? kSame : kOneOfMany);
        }
    }

    // Between two values that stay, as many as there were.
    void guess_values(const Object &type, const Values &a, const Values &b, double confidence) {
        auto const stays = [](const Values &others, const Values &values, std::size_t at) {
            return at == values.size() ||
                   std::find(others.begin(), others.end(), values[at]) != others.end();
        };
        for (std::size_t i = 0, j = 0; i < a.size() || j < b.size(); i++, j++) {
            std::size_t const first = i;
            std::size_t const second = j;
            while (!stays(b, a, i)) i++;
            while (!stays(a, b, j)) j++;
            if (i - first != j - second) continue;
            for (std::size_t k = 0; first + k < i; k++)
                if (options_.said.count(value_of(type, a[first + k])) == 0)
                    rename_value(type, a[first + k], b[second + k], confidence);
        }
    }

    static std::string value_of(const Object &type, std::string_view value) {
        return fmt::format("{}.{}", type.identity, value);
    }

    // All that an extension has is called otherwise when it is in another schema.
    void find_moved_extensions() {
        for (const Object &from : before_.snapshot().objects()) {
            if (from.kind != Kind::extension || refused_.count(from.identity) != 0) continue;
            Ref const to = after_.snapshot().find(from.kind, from.identity);
            if (to == kNone || same(from, after_[to], "in_schema") || !from.has(".relocatable"))
                continue;
            auto const move = [&](const Object &object) {
                return Statement{fmt::format("ALTER EXTENSION {} SET SCHEMA {}", object.identity,
                                             object.get("in_schema")),
                                 {breaks_code()},
                                 from.kind,
                                 from.identity,
                                 Change::alter,
                                 true};
            };
            renames_.push_back({from.kind,
                                from.identity,
                                from.identity,
                                kSure,
                                move(after_[to]),
                                move(from),
                                after_[to].get("in_schema"),
                                {}});
        }
    }

    void rename_value(const Object &type, std::string_view from, std::string_view to,
                      double confidence) {
        Rename rename;
        rename.kind = type.kind;
        rename.from = value_of(type, from);
        rename.to = value_of(type, to);
        rename.confidence = confidence;
        auto const make = [&](std::string_view a, std::string_view b) {
            return Statement{
                fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", type.identity, a, b),
                {breaks_code()},
                type.kind,
                type.identity,
                Change::rename,
                true};
        };
        rename.up = make(from, to);
        rename.down = make(to, from);
        renames_.push_back(std::move(rename));
    }

    const World &before_;
    const World &after_;
    const RenameOptions &options_;
    std::map<Kind, std::vector<Ref>> gone_;
    std::map<Kind, std::vector<Ref>> come_;
    std::map<Ref, Words> old_contents_, new_contents_;
    std::set<std::string> taken_;
    std::set<std::string> refused_;
    std::vector<Rename> renames_;
};

}  // namespace

std::vector<Rename> find_renames(const Snapshot &from, const Snapshot &to,
                                 const RenameOptions &options) {
    World const before(from);
    World const after(to);
    return Finder(before, after, options).find();
}

NamesInUse::NamesInUse(const Snapshot &now) : world_(now) {
    for (Ref ref = 0; ref < now.size(); ref++)
        for (std::string &name : taken_names(world_, ref)) owners_.emplace(std::move(name), ref);
}

Ref NamesInUse::find(const Rename &rename) const {
    Ref const own = world_.snapshot().find(rename.kind, rename.from);
    for (const std::string &name : rename.names)
        if (auto const found = owners_.find(name); found != owners_.end() && found->second != own)
            return found->second;
    return kNone;
}

Rename NamesInUse::make_room(const Rename &rename) const {
    const Object &object = world_[find(rename)];
    Object moved = object;
    moved.name = aside(object);
    moved.identity = object.kind == Kind::constraint ? world_.home(object) + "." + moved.name
                                                     : identity_aside(object);
    return {object.kind,
            object.identity,
            moved.identity,
            kSure,
            rename_statement(world_, object, moved),
            rename_statement(world_, moved, object),
            {},
            {}};
}

}  // namespace migrate::schema
