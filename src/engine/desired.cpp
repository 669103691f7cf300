#include "engine/desired.hpp"

#include <algorithm>

#include "engine/given_text.hpp"
#include "engine/snapshot_queries.hpp"
#include "pg/aside.hpp"
#include "pg/frame.hpp"
#include "pg/parser.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;

namespace {

constexpr const char *kOurs = "migrate";  // this extension and its schema stay; dumps have them
constexpr const char *kPublicComment = "standard public schema";

// Without what pg_dump and editors add. psql's \restrict guards against dumps that are forged, and
// is nothing to us, who run no other of psql's commands either.
std::string plain_text(std::string text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    for (std::size_t line = 0; line < text.size();) {
        std::size_t const end = std::min(text.find('\n', line), text.size());
        std::string_view const content(text.data() + line, end - line);
        if (content.starts_with("\\restrict ") || content.starts_with("\\unrestrict "))
            std::fill(text.begin() + static_cast<std::ptrdiff_t>(line),
                      text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        line = end + 1;
    }
    return text;
}

// A world in which nothing of the user's is there but for the extensions.
class EmptyWorld {
 public:
    explicit EmptyWorld(const Reading &current) : current_(current) {}

    void make() {
        for (Ref ref = 0; ref < current_.snapshot.size(); ref++) put_aside(ref);
        pg::show_changes();
        make_public();
        read_extensions();
        pg::show_changes();
        adopt_members("public");
    }

    // What was put aside is out of reach.
    void close() const {
        for (Oid const schema : closed_) pg::close_schema(schema);
    }

    // Somebody who works in a schema of theirs need not be allowed to create schemas.
    void make_usable(const std::set<std::string> &schemas) {
        if (*pg::query("SELECT has_database_privilege(current_database(), 'CREATE')")[0][0] == "t")
            return;
        for (const std::string &name : schemas) {
            auto const old = schemas_.find(name);
            if (name == "public" || old == schemas_.end()) continue;
            Oid const made = pg::make_schema(name, old->second);
            pg::set_comment(catalog::kSchema, made,
                            pg::query("SELECT obj_description($1::oid, 'pg_namespace')",
                                      {std::to_string(old->second)})[0][0]
                                .value_or(""));
            pg::show_changes();
            adopt_members(name);
            given_.insert(name);
        }
    }
    bool is_given(const std::string &schema) const { return given_.count(schema) != 0; }

    // A schema of this name has been made: what extensions have in one of that name is in it.
    void adopt_members(const std::string &name) {
        auto const old = schemas_.find(name);
        if (old == schemas_.end()) return;
        Oid const now = pg::find_schema(name);
        for (auto const &[extension, members] : members_)
            for (Member const &member : members)
                if (member.schema == old->second)
                    pg::move_entry(member.address.catalog, member.address.object, now);
        pg::show_changes();
    }

    // CREATE EXTENSION for one that is there. False: it is not.
    bool meets(const pg::Section::ExtensionRequest &request) {
        if (request.name == kOurs) return true;
        auto const found = extensions_.find(request.name);
        if (found == extensions_.end()) return false;
        mentioned_.insert(found->second.oid);
        pg::set_comment(catalog::kExtension, found->second.oid, found->second.comment);
        for (Member const &member : members_[found->second.oid])
            pg::give_default_privileges(member.address.catalog, member.address.object);
        // Where it would be made.
        std::string const schema = request.schema.empty() && found->second.relocatable
                                       ? pg::current_schema()
                                       : request.schema;
        if (!schema.empty() && schema != found->second.schema)
            run(fmt::format("ALTER EXTENSION {} SET SCHEMA {}", pg::quote_name(request.name),
                            pg::quote_name(schema)));
        std::string const version =
            request.version.empty() ? found->second.default_version : request.version;
        if (version != found->second.version)
            run(fmt::format("ALTER EXTENSION {} UPDATE TO {}", pg::quote_name(request.name),
                            pg::quote_literal(version)));
        pg::show_changes();
        return true;
    }

    // Of extensions that nobody has asked for, only those that something needs.
    Reading read() {
        ReadOptions options;
        for (Address const &address : current_.addresses)
            if (address.object != 0 && address.catalog != catalog::kExtension)
                options.hidden.insert({address.catalog, address.object, 0});
        Reading reading = read_snapshot(options);
        std::set<std::string> gone;
        for (bool more = true; more;) {
            more = false;
            std::set<Ref> needed;
            for (const Object &object : reading.snapshot.objects())
                if (object.kind != Kind::extension || gone.count(object.identity) == 0)
                    needed.insert(object.needs.begin(), object.needs.end());
            for (Ref ref = 0; ref < reading.snapshot.size(); ref++) {
                const Object &object = reading.snapshot[ref];
                if (object.kind == Kind::extension && needed.count(ref) == 0 &&
                    was_there(reading.addresses[ref].object) &&
                    mentioned_.count(reading.addresses[ref].object) == 0)
                    more = gone.insert(object.identity).second || more;
            }
        }
        reading.snapshot = std::move(reading.snapshot).without([&](Ref, const Object &object) {
            return object.kind == Kind::extension && gone.count(object.identity) != 0;
        });
        return reading;
    }

 private:
    struct Member {
        Address address;
        Oid schema;
    };
    struct Extension {
        Oid oid;
        std::string schema, version, default_version, comment;
        bool relocatable;
    };

    static void run(const std::string &sql) { pg::execute(sql, pg::Names::ours); }

    void put_aside(Ref ref) {
        const Object &object = current_.snapshot[ref];
        Address const &address = current_.addresses[ref];
        switch (object.kind) {
            case Kind::schema:
                schemas_[schema::unquoted(object.name)] = address.object;
                closed_.push_back(address.object);
                [[fallthrough]];
            case Kind::publication:
            case Kind::subscription:
            case Kind::foreign_data_wrapper:
            case Kind::server:
            case Kind::language:
            case Kind::access_method:
                pg::rename_entry(address.catalog, address.object,
                                 fmt::format("migrate_aside_{}", address.object));
                return;
            case Kind::event_trigger:
                pg::rename_entry(address.catalog, address.object,
                                 fmt::format("migrate_aside_{}", address.object));
                pg::show_changes();
                pg::disable_event_trigger(address.object);
                return;
            case Kind::operator_class:
                pg::forget_default(address.object);
                return;
            case Kind::cast:
            case Kind::transform:
            case Kind::default_privileges:
                pg::remove_entry(address.catalog, address.object);
                return;
            case Kind::member:
                pg::reset_privileges(address.catalog, address.object, address.part);
                return;
            default:
                return;
        }
    }

    // As in a new database; but where the caller could not work in that, as it is.
    void make_public() {
        Oid made = pg::make_schema("public", InvalidOid);
        auto const old = schemas_.find("public");
        if (old != schemas_.end() && !pg::may_create_in(made) && pg::may_create_in(old->second)) {
            pg::rename_entry(catalog::kSchema, made, fmt::format("migrate_aside_{}", made));
            pg::show_changes();
            made = pg::make_schema("public", old->second);
        }
        pg::set_comment(catalog::kSchema, made, kPublicComment);
    }

    void read_extensions() {
        pg::read_rows(
            R"(
SELECT e.extname, e.oid, n.nspname, e.extversion, v.default_version, v.comment, e.extrelocatable
FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions AS v ON v.name = e.extname
WHERE e.extname <> 'migrate')",
            [](const auto &) {},
            [&](const auto &v) {
                auto const text = [](const char *value) { return std::string(value ? value : ""); };
                std::string schema = v[2];
                Oid const oid = static_cast<Oid>(std::stoul(v[1]));
                for (auto const &[name, schema_oid] : schemas_)
                    if (fmt::format("migrate_aside_{}", schema_oid) == schema) schema = name;
                extensions_[v[0]] = {oid,        schema,        v[3], v[4] ? v[4] : v[3],
                                     text(v[5]), v[6][0] == 't'};
            });
        pg::read_rows(
            R"(
SELECT d.refobjid, d.classid, d.objid, n.oid
FROM pg_depend AS d, pg_identify_object(d.classid, d.objid, 0) AS i JOIN pg_namespace AS n ON n.nspname = i.schema
WHERE d.deptype = 'e' AND d.refclassid = 3079
UNION ALL
SELECT e.oid, 3079, e.oid, e.extnamespace FROM pg_extension AS e)",
            [](const auto &) {},
            [&](const auto &v) {
                auto const oid = [](const char *text) {
                    return static_cast<Oid>(std::stoul(text));
                };
                members_[oid(v[0])].push_back({{oid(v[1]), oid(v[2]), 0}, oid(v[3])});
            });
    }

    bool was_there(Oid extension) const {
        return std::any_of(extensions_.begin(), extensions_.end(),
                           [&](const auto &entry) { return entry.second.oid == extension; });
    }

    const Reading &current_;
    std::map<std::string, Oid> schemas_;
    std::map<std::string, Extension> extensions_;
    std::map<Oid, std::vector<Member>> members_;
    std::set<Oid> mentioned_;
    std::vector<Oid> closed_;
    std::set<std::string> given_;
};

// Nothing that happens here is news for the caller.
void be_quiet(pg::SettingsLevel &settings) {
    settings.set("client_min_messages", "error");
}

void run_all(const GivenText &text, EmptyWorld &world, pg::SettingsLevel &settings) {
    pg::Section const &section = text.section();
    for (std::size_t i = 0; i < text.size(); i++) {
        if (section.is_bracket(i)) continue;
        pg::ScriptFrame const frame(text.label(), text.place(i));
        auto const request = section.extension_request(i);
        if (!request.name.empty() && world.meets(request)) continue;
        std::string const schema = section.created_schema(i);
        if (schema == kOurs || world.is_given(schema)) continue;
        section.run_in_transaction(i);
        if (section.statements()[i].sets_session) be_quiet(settings);
        pg::allow_new_enum_values();
        if (!schema.empty()) world.adopt_members(schema);
    }
}

}  // namespace

Reading read_desired(const std::string &ddl, const Reading &current,
                     const std::set<std::string> &schemas) {
    GivenText const text(plain_text(ddl), "desired schema");
    text.refuse_what_cannot_run(true);
    pg::SubTransaction work;
    try {
        pg::SettingsLevel settings;
        be_quiet(settings);
        // A temporary table of the caller's is none of the schema's.
        if (std::string const path = pg::setting("search_path"); !path.empty() && path != "\"\"")
            settings.set("search_path", path + ", pg_temp");
        EmptyWorld world(current);
        world.make();
        world.make_usable(schemas);
        world.close();
        run_all(text, world, settings);
        Reading reading = world.read();
        settings.close();
        work.roll_back();
        return reading;
    } catch (...) {
        work.roll_back();
        throw;
    }
}

}  // namespace migrate::engine
