#include "engine/snapshot.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <unordered_map>
#include <unordered_set>

#include "engine/definitions.hpp"
#include "engine/polite.hpp"
#include "engine/query_columns.hpp"
#include "engine/snapshot_queries.hpp"
#include "pg/attributes.hpp"
#include "pg/settings.hpp"
#include "schema/acl.hpp"
#include "schema/render.hpp"

namespace migrate::engine {

using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;

namespace {

Oid to_oid(const char *text) {
    return static_cast<Oid>(std::strtoul(text, nullptr, 10));
}

struct Hash {
    std::size_t operator()(const Address &address) const {
        std::uint64_t hash = std::uint64_t{address.object} << 32 ^
                             std::uint64_t{address.catalog} << 16 ^
                             static_cast<std::uint32_t>(address.part);
        hash *= 0x9e3779b97f4a7c15;
        return hash ^ hash >> 32;
    }
};
template <class T>
using ByAddress = std::unordered_map<Address, T, Hash>;

// Where each object is in the snapshot: there are as many as objects, and every dependency is
// looked up. A table with open addressing.
class Places {
 public:
    void add(const Address &address, Ref ref) {
        if (slots_.size() < 2 * (count_ + 1)) grow();
        Slot &slot = slots_[place(address)];
        if (slot.ref != kNone) return;
        slot = {address, ref};
        count_++;
    }
    Ref find(const Address &address) const {
        return slots_.empty() ? kNone : slots_[place(address)].ref;
    }

 private:
    struct Slot {
        Address address{};
        Ref ref = kNone;
    };
    std::size_t place(const Address &address) const {
        std::size_t const mask = slots_.size() - 1;
        std::size_t at = Hash()(address) & mask;
        while (slots_[at].ref != kNone && slots_[at].address != address) at = (at + 1) & mask;
        return at;
    }
    void grow() {
        std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));
        old.swap(slots_);
        for (Slot const &slot : old)
            if (slot.ref != kNone) slots_[place(slot.address)] = slot;
    }

    std::vector<Slot> slots_;  // a power of two, at most half full
    std::size_t count_ = 0;
};

void remove_ending(std::string &text, std::string_view ending) {
    if (text.ends_with(ending)) text.resize(text.size() - ending.size());
}

// Options are the same in any order; but they are written in theirs.
constexpr std::pair<std::string_view, std::string_view> kOptions[] = {
    {"options", ".options"},
    {"toast_options", ".toast_options"},
    {"foreign_options", ".foreign_options"},
};

std::string sorted_list(std::vector<std::string_view> list) {
    std::sort(list.begin(), list.end());
    return fmt::format("{}", fmt::join(list, std::string(1, schema::kSeparator)));
}

class Reader {
 public:
    explicit Reader(const ReadOptions &options) : options_(options) {}

    Reading read() {
        read_roles();
        read_members();
        for (auto const &family :
             {global_queries(), type_queries(), routine_queries(), relation_queries()})
            read_objects(family);
        read_columns();
        for (auto const &family : {part_queries(), late_queries()}) read_objects(family);
        add_shells();
        if (options_.edges) read_edges();
        catalogs_.close();
        return {std::move(snapshot_), std::move(addresses_)};
    }

 private:
    void read_roles() {
        catalogs_.read(
            "SELECT oid, quote_ident(rolname) FROM pg_roles", [](const auto &) {},
            [&](const auto &values) { roles_[to_oid(values[0])] = values[1]; });
    }

    // What belongs to extensions, and this extension's own schema.
    void read_members() {
        catalogs_.read(
            R"(
SELECT classid, objid, refobjid FROM pg_depend WHERE deptype = 'e' AND refclassid = 3079
UNION ALL
SELECT 2615, extnamespace, oid FROM pg_extension WHERE extname = 'migrate')",
            [](const auto &) {},
            [&](const auto &values) {
                members_[{to_oid(values[0]), to_oid(values[1]), 0}] = to_oid(values[2]);
            });
    }

    void read_objects(const std::vector<CatalogQuery> &queries) {
        for (const CatalogQuery &query : queries) {
            std::optional<Columns> columns;
            catalogs_.read(
                query.sql, [&](const auto &names) { columns.emplace(names); },
                [&](const auto &values) {
                    if (query.kind == Kind::count_)
                        extend(query, *columns, values);
                    else
                        add(query, *columns, values);
                });
        }
    }

    void extend(const CatalogQuery &query, const Columns &columns, const Values &values) {
        Oid const catalog =
            columns.catalog < 0 ? query.catalog : to_oid(at(values, columns.catalog));
        Ref const found = places_.find(
            {catalog, to_oid(at(values, columns.oid)), std::atoi(at(values, columns.subid))});
        if (found == kNone) return describe_piece(catalog, columns, values);
        // Members have their comments from whom they belong to.
        if (snapshot_[found].kind == Kind::member) return;
        set_attributes(columns, values, snapshot_[found]);
        if (columns.untidy) tidy(snapshot_[found]);
        note_piece(columns, values, found);
    }

    // A relation that is a piece of an object: the index of a constraint, the sequence of an
    // identity column.
    void note_piece(const Columns &columns, const Values &values, Ref ref) {
        if (const char *const piece = at(values, columns.piece); piece != nullptr)
            if (snapshot_[ref].kind != Kind::index) pieces_[to_oid(piece)] = ref;
    }

    void describe_piece(Oid catalog, const Columns &columns, const Values &values) {
        auto const found = catalog == catalog::kClass
                               ? pieces_.find(to_oid(at(values, columns.oid)))
                               : pieces_.end();
        if (found == pieces_.end()) return;
        Object &object = snapshot_[found->second];
        for (std::size_t const i : columns.sorted)
            if (columns.names[i] == "comment" && values[i] != nullptr)
                object.set(object.kind == Kind::column ? "sequence_comment" : "index_comment",
                           values[i]);
    }

    void add(const CatalogQuery &query, const Columns &columns, const Values &values) {
        Address address{query.catalog, 0, 0};
        if (const char *const oid = at(values, columns.oid)) address.object = to_oid(oid);
        if (const char *const subid = at(values, columns.subid)) address.part = std::atoi(subid);
        if (const char *const other = at(values, columns.catalog)) address.catalog = to_oid(other);
        if (query.kind != Kind::member && is_hidden(address)) return;
        // That of a constraint is a part of it.
        if (query.kind == Kind::index && pieces_.count(address.object) != 0) return;

        Object object;
        object.kind = query.kind;
        if (const char *const kind = at(values, columns.kind))
            object.kind = *schema::find_kind(kind);
        if (columns.name >= 0)
            object.name = at(values, columns.name);
        else if (!name_after_column(columns, values, query.parents, object))
            return;
        std::string prefix;
        if (columns.schema >= 0) {
            Ref const found =
                places_.find({catalog::kSchema, to_oid(at(values, columns.schema)), 0});
            if (found == kNone) return;
            object.schema = snapshot_[found].name;
            object.needs.push_back(found);
            prefix = object.schema + ".";
        }
        if (columns.parent >= 0) {
            Ref const found = places_.find({query.parents, to_oid(at(values, columns.parent)), 0});
            if (found == kNone) return;
            object.parent = found;
            const Object &parent = snapshot_[found];
            prefix = parent.identity + ".";
            if (object.schema.empty()) object.schema = parent.schema;
        }
        object.identity = prefix + object.name;
        if (const char *const identity = at(values, columns.identity)) object.identity = identity;
        if (const char *const suffix = at(values, columns.suffix)) object.identity += suffix;
        if (const char *const position = at(values, columns.position))
            object.position = std::atoi(position);
        set_attributes(columns, values, object);
        if (const char *const owner = at(values, columns.owner))
            object.set("owner", roles_[to_oid(owner)]);
        define(columns, values, address, object);
        tidy(object);
        Ref const ref = snapshot_.add(std::move(object));
        addresses_.push_back(address);
        if (address.object != 0) places_.add(address, ref);
        note_piece(columns, values, ref);
        if (const char *const needs = at(values, columns.needs))
            extra_needs_.emplace_back(ref, needs);
    }

    // ---- columns -----------------------------------------------------------------------------

    struct ColumnRow {
        Ref parent;
        pg::AttributeRow row;  // but for its name, which is gone
        std::string name;
    };

    static bool is_view(const Object &object) {
        return object.kind == Kind::view || object.kind == Kind::materialized_view;
    }

    void read_columns() {
        std::vector<ColumnRow> columns;
        std::vector<pg::AttributeRow> others;
        pg::read_attributes([&](const pg::AttributeRow &row) {
            Ref const parent = places_.find({catalog::kClass, row.relation, 0});
            if (parent != kNone && (is_table(snapshot_[parent]) || is_view(snapshot_[parent])))
                columns.push_back({parent, row, row.name});
            else if (row.statistics >= 0 || row.has_options)
                others.push_back(row);
        });
        std::sort(columns.begin(), columns.end(), [](const ColumnRow &a, const ColumnRow &b) {
            return std::tie(a.parent, a.row.number) < std::tie(b.parent, b.row.number);
        });
        std::sort(others.begin(), others.end(),
                  [](const auto &a, const auto &b) { return a.number < b.number; });
        // Defaults, constraints and indexes are about as many again.
        snapshot_.reserve(snapshot_.size() + 2 * columns.size());
        facts_.resize(snapshot_.size() + columns.size());
        bool more = false;
        for (ColumnRow &column : columns) {
            pg::AttributeRow const &row = column.row;
            more = more || row.generated != 0 || row.has_acl || row.has_options ||
                   row.has_foreign_options;
            if (is_view(snapshot_[column.parent])) add_to_query(column);
            add_column(column);
        }
        for (const pg::AttributeRow &row : others) {
            IndexMarks &marks = index_marks_[row.relation];
            marks.options = marks.options || row.has_options;
            if (row.statistics < 0) continue;
            if (!marks.statistics.empty()) marks.statistics += schema::kSeparator;
            marks.statistics += fmt::format("{} SET STATISTICS {}", row.number, row.statistics);
        }
        if (more) read_objects(column_queries());
    }

    // What a view's query gives.
    void add_to_query(const ColumnRow &column) {
        constexpr char kBetween = '\x1e';
        std::string columns = snapshot_[column.parent].get("columns");
        if (!columns.empty()) columns += schema::kSeparator;
        columns += column.name + kBetween +
                   definitions_.type(column.row.type, column.row.modifier) + kBetween +
                   own_collation(column.row);
        snapshot_[column.parent].set("columns", std::move(columns));
    }

    void add_column(ColumnRow &column) {
        pg::AttributeRow const &row = column.row;
        const Object &parent = snapshot_[column.parent];
        bool const plain = is_table(parent);
        Object object;
        object.kind = Kind::column;
        object.name = std::move(column.name);
        object.schema = parent.schema;
        object.parent = column.parent;
        object.identity.reserve(parent.identity.size() + 1 + object.name.size());
        object.identity.append(parent.identity).append(".").append(object.name);
        object.position = row.number;
        object.attributes.reserve(6);
        auto const say = [&](std::string_view name, std::string_view value) {
            if (!value.empty()) object.attributes.push_back({name, std::string(value)});
        };
        // In the order of the names.
        char const usual = defaults_of(row.type).storage;
        say(".default_storage", plain && usual == 'p' ? "" : storage_name(usual));
        if (plain) {
            say(".in_partition", partitions_.count(row.relation) != 0 ? "yes" : "");
            say(".inherited", row.inherited ? "yes" : "");
            say("collation", own_collation(row));
        }
        say("compression", row.compression == 'p' ? "pglz" : row.compression == 'l' ? "lz4" : "");
        if (plain) {
            say("identity_kind", row.identity == 'a'   ? "ALWAYS"
                                 : row.identity == 'd' ? "BY DEFAULT"
                                                       : "");
            say("not_null", row.not_null ? "yes" : "");
        }
        if (row.statistics >= 0) say("statistics", std::to_string(row.statistics));
        if (row.storage != usual && parent.kind != Kind::view)
            say("storage", storage_name(row.storage));
        if (plain) say("type", definitions_.type(row.type, row.modifier));
        facts_[snapshot_.size()] = {row.type, row.collation};
        Address const address{catalog::kClass, row.relation, row.number};
        places_.add(address, snapshot_.add(std::move(object)));
        addresses_.push_back(address);
    }

    static const char *storage_name(char letter) {
        return letter == 'p'   ? "PLAIN"
               : letter == 'e' ? "EXTERNAL"
               : letter == 'm' ? "MAIN"
                               : "EXTENDED";
    }

    const pg::TypeDefaults &defaults_of(Oid type) {
        auto const found = type_defaults_.find(type);
        if (found != type_defaults_.end()) return found->second;
        return type_defaults_.emplace(type, pg::type_defaults(type)).first->second;
    }

    // Empty: it is the type's.
    std::string own_collation(const pg::AttributeRow &row) {
        if (row.collation == InvalidOid || row.collation == defaults_of(row.type).collation)
            return {};
        return pg::collation_name(row.collation);
    }

    // A default is called as its column. False: there is none, or it has another use for it.
    bool name_after_column(const Columns &columns, const Values &values, Oid parents,
                           Object &object) const {
        Ref const column = places_.find(
            {parents, to_oid(at(values, columns.parent)), std::atoi(at(values, columns.position))});
        if (column == kNone || snapshot_[column].has("generated")) return false;
        object.name = snapshot_[column].name;
        return true;
    }

    // What the row says in numbers.
    void define(const Columns &columns, const Values &values, const Address &address,
                Object &object) {
        auto const oid = [&](int column) {
            const char *const text = at(values, column);
            return text == nullptr ? InvalidOid : to_oid(text);
        };
        if (at(values, columns.partition) != nullptr) partitions_.insert(address.object);
        IndexMarks const *marks = nullptr;
        if (const char *const index = at(values, columns.index)) {
            std::string identity = object.schema + "." + index;
            if (object.kind == Kind::index) object.identity = identity;
            object.set(".index", std::move(identity));
            auto const found = index_marks_.find(oid(columns.piece));
            if (found != index_marks_.end()) marks = &found->second;
            if (marks != nullptr && !marks->statistics.empty())
                object.set("statistics", marks->statistics);
        }
        if (columns.classes >= 0) {
            IndexRow row{};
            row.oid = address.object;
            row.table = oid(columns.parent);
            row.plain = marks != nullptr && marks->options ? nullptr : at(values, columns.plain);
            row.keys = at(values, columns.keys);
            row.options = at(values, columns.options);
            row.classes = at(values, columns.classes);
            row.collations = at(values, columns.collations);
            row.key_count = std::atoi(at(values, columns.count));
            std::string const head =
                row.plain == nullptr
                    ? std::string()
                    : fmt::format("CREATE {}INDEX {} ON {}{} USING btree ",
                                  std::string_view(row.plain).starts_with('u') ? "UNIQUE " : "",
                                  object.name,
                                  std::string_view(row.plain).ends_with('p') ? "ONLY " : "",
                                  snapshot_[object.parent].identity);
            row.head = head.c_str();
            object.set("definition", definitions_.index(row));
        } else if (columns.keys >= 0) {
            ConstraintRow row{};
            row.oid = address.object;
            row.table = oid(columns.parent);
            row.target = oid(columns.target);
            row.plain = at(values, columns.plain);
            row.type = row.plain == nullptr ? '\0' : row.plain[0];
            row.tree = at(values, columns.tree);
            row.keys = at(values, columns.keys);
            row.target_keys = at(values, columns.target_keys);
            row.actions = at(values, columns.actions);
            row.marks = at(values, columns.marks);
            object.set("definition", definitions_.constraint(row));
            if (partitions_.count(row.table) != 0) object.set(".in_partition", "yes");
        } else if (columns.tree >= 0) {
            object.set("expression",
                       definitions_.expression(at(values, columns.tree), oid(columns.parent)));
        }
    }

    ColumnFacts column_facts(Oid table, int number) const {
        Ref const found = places_.find({catalog::kClass, table, number});
        if (found == kNone || found >= facts_.size()) return {};
        auto const &[type, collation] = facts_[found];
        return {&snapshot_[found].name, type, collation};
    }

    const std::string *table_name(Oid table) const {
        Ref const found = places_.find({catalog::kClass, table, 0});
        return found == kNone ? nullptr : &snapshot_[found].identity;
    }

    // Sorted, and absent where it is what the owner's objects have by default.
    static void tidy_acl(Object &object, std::string_view attribute, char letter,
                         const std::string &owner) {
        schema::Acl const acl = schema::parse_acl(object, attribute);
        if (letter != 0 && acl == schema::default_acl(letter, owner))
            object.remove(attribute);
        else
            schema::set_acl(object, acl, attribute);
    }

    void tidy(Object &object) const {
        for (auto const &[sorted, listed] : kOptions) {
            if (!object.has(sorted) || object.has(listed)) continue;
            object.set(listed, object.get(sorted));
            object.set(sorted, sorted_list(object.list(sorted)));
        }
        if (object.has("acl"))
            tidy_acl(object, "acl", schema::info(object.kind).acl, object.get("owner"));
        if (object.has(schema::kSequenceAcl))
            tidy_acl(object, schema::kSequenceAcl, 's', snapshot_[object.parent].get("owner"));
        if (object.kind == Kind::constraint || object.kind == Kind::foreign_key ||
            object.kind == Kind::domain_constraint) {
            std::string definition = object.get("definition");
            if (object.has("not_valid") || object.has(".not_valid"))
                remove_ending(definition, " NOT VALID");
            if (object.has("deferrable")) remove_ending(definition, " " + object.get("deferrable"));
            object.set("definition", std::move(definition));
        }
        if ((object.kind == Kind::index || object.get("type") == "exclude") &&
            object.has("options")) {
            // What stands between WITH and WHERE is an attribute of its own.
            std::string definition = object.get("definition");
            std::size_t const end = schema::before_where(object, definition);
            std::size_t const start = definition.rfind(" WITH (", end);
            if (start != std::string::npos) definition.erase(start, end - start);
            object.set("definition", std::move(definition));
        }
    }

    bool is_hidden(const Address &address) const {
        if (address.object == 0) return false;
        Address const whole{address.catalog, address.object, 0};
        return (!members_.empty() && members_.count(whole) != 0) ||
               (!options_.hidden.empty() && options_.hidden.count(whole) != 0);
    }

    // A type whose functions name it has to be there before them, and they before it.
    void add_shells() {
        std::size_t const count = snapshot_.size();
        for (Ref ref = 0; ref < count; ref++) {
            if (!snapshot_[ref].has(".shell")) continue;
            Object shell;
            shell.kind = Kind::shell_type;
            shell.identity = snapshot_[ref].identity;
            shell.name = snapshot_[ref].name;
            shell.schema = snapshot_[ref].schema;
            shell.needs = snapshot_[ref].needs;
            shell.set(".of", "yes");
            shells_[ref] = snapshot_.add(std::move(shell));
            addresses_.emplace_back();
        }
    }

    // ---- what depends on what ----------------------------------------------------------------

    void read_edges() {
        struct Edge {
            Address from, to;
            char type;
        };
        std::vector<Edge> edges;
        catalogs_.read(
            R"(SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype FROM pg_depend
WHERE deptype IN ('n', 'a', 'i', 'e', 'x') AND objid >= 16384)",
            [](const auto &) {},
            [&](const auto &v) {
                edges.push_back({{to_oid(v[0]), to_oid(v[1]), std::atoi(v[2])},
                                 {to_oid(v[3]), to_oid(v[4]), std::atoi(v[5])},
                                 v[6][0]});
            });
        // What is a piece of something else stands for that: an index for its constraint, a rule
        // for its view, an array for its element.
        for (const Edge &edge : edges)
            if (edge.type == 'i' || edge.type == 'e') owners_.emplace(edge.from, edge.to);
        for (const Edge &edge : edges) {
            if (edge.type == 'e') continue;
            Ref const from = find(edge.from);
            Ref const to = extension_of(find(edge.to));
            if (from == kNone || to == kNone || from == to) continue;
            if (snapshot_[from].kind == Kind::member) continue;
            add_edge(from, to);
        }
        for (auto const &[ref, text] : extra_needs_) {
            for (std::string_view rest = text; !rest.empty();) {
                std::size_t const end = std::min(rest.find(' '), rest.size());
                if (Ref const to = find(parse(rest.substr(0, end))); to != kNone && to != ref)
                    snapshot_[ref].needs.push_back(to);
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        }
        for (Ref ref = 0; ref < snapshot_.size(); ref++)
            if (Ref const extension = extension_of(ref); extension != ref && extension != kNone)
                snapshot_[ref].needs.push_back(extension);
        for (auto const &[type, shell] : shells_) snapshot_[type].needs.push_back(shell);
        for (Ref ref = 0; ref < snapshot_.size(); ref++) {
            auto &needs = snapshot_[ref].needs;
            std::sort(needs.begin(), needs.end());
            needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
        }
    }

    static Address parse(std::string_view text) {
        Address address;
        const char *at = text.data();
        const char *const end = at + text.size();
        at = std::from_chars(at, end, address.catalog).ptr + 1;
        at = std::from_chars(at, end, address.object).ptr + 1;
        std::from_chars(at, end, address.part);
        return address;
    }

    Ref find(Address address) const {
        for (int depth = 0; depth < 8; depth++) {
            if (Ref const found = places_.find(address); found != kNone) return found;
            if (address.part != 0)
                if (Ref const whole = places_.find({address.catalog, address.object, 0});
                    whole != kNone)
                    return whole;
            auto owner = owners_.find(address);
            if (owner == owners_.end()) owner = owners_.find({address.catalog, address.object, 0});
            if (owner == owners_.end()) return kNone;
            address = owner->second;
        }
        return kNone;
    }

    // Members are there with their extension, and for their privileges alone.
    Ref extension_of(Ref ref) const {
        if (ref == kNone || snapshot_[ref].kind != Kind::member) return ref;
        Address const &address = addresses_[ref];
        auto const found = members_.find({address.catalog, address.object, 0});
        return found == members_.end() ? kNone : find({catalog::kExtension, found->second, 0});
    }

    static bool is_table(const Object &object) {
        return object.kind == Kind::table || object.kind == Kind::foreign_table;
    }

    void add_edge(Ref from, Ref to) {
        Object &object = snapshot_[from];
        const Object &other = snapshot_[to];
        if (to == object.parent) return;
        // Links say these.
        if (is_table(object) && is_table(other)) return;
        if (object.kind == Kind::sequence && (other.kind == Kind::column || is_table(other)))
            return;
        if (object.kind == Kind::column && (other.kind == Kind::sequence)) return;
        if (object.kind == Kind::index && other.kind == Kind::index) return;
        if (object.kind == Kind::constraint && other.kind == Kind::constraint) return;
        // A function of a type under way needs no more than the type's name.
        if (object.kind == Kind::function)
            if (auto const shell = shells_.find(to); shell != shells_.end()) {
                object.needs.push_back(used_by(to, from) ? shell->second : to);
                return;
            }
        object.needs.push_back(to);
    }

    // Whether the type has this function for a part of it.
    bool used_by(Ref type, Ref function) const {
        std::string const &definition = snapshot_[type].get("definition");
        const Object &object = snapshot_[function];
        return definition.find(object.schema + "." + object.name) != std::string::npos;
    }

    const ReadOptions &options_;
    pg::CatalogReader catalogs_;
    schema::Snapshot snapshot_;
    std::vector<Address> addresses_;
    std::unordered_map<Oid, std::string> roles_;
    Places places_;
    ByAddress<Oid> members_;
    ByAddress<Address> owners_;
    std::vector<std::pair<Ref, std::string>> extra_needs_;
    std::map<Ref, Ref> shells_;
    struct IndexMarks {
        bool options = false;    // a column has some
        std::string statistics;  // of expressions
    };
    std::unordered_map<Oid, IndexMarks> index_marks_;
    std::unordered_map<Oid, Ref> pieces_;
    std::vector<std::pair<Oid, Oid>> facts_;  // of columns: type, collation
    std::unordered_set<Oid> partitions_;
    std::unordered_map<Oid, pg::TypeDefaults> type_defaults_;
    Definitions definitions_{[this](Oid table, int number) { return column_facts(table, number); },
                             [this](Oid table) { return table_name(table); }};
};

}  // namespace

Reading read_snapshot(const ReadOptions &options) {
    // Defaults and expressions are written with these; pg_dump has them, too.
    pg::SettingsLevel settings;
    for (auto const &[name, value] : {std::pair{"standard_conforming_strings", "on"},
                                      {"DateStyle", "ISO, YMD"},
                                      {"IntervalStyle", "postgres"},
                                      {"TimeZone", "UTC"},
                                      {"extra_float_digits", "3"},
                                      {"bytea_output", "hex"},
                                      {"quote_all_identifiers", "off"}})
        settings.set(name, value);
    // Definitions of views take locks on what they are made of.
    settings.set("lock_timeout", statement_lock_timeout());
    Reading reading = Reader(options).read();
    settings.close();
    return reading;
}

}  // namespace migrate::engine
