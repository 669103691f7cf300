// Views and materialized views.
#include <fmt/format.h>

#include "schema/render_kinds.hpp"

namespace migrate::schema {

namespace {

// pg_get_viewdef() ends with a semicolon.
std::string query_of(const Object &view) {
    std::string text = view.get("definition");
    while (!text.empty() && (text.back() == ';' || text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

// CREATE OR REPLACE VIEW only adds columns, at the end.
bool extends(const Object &from, const Object &to) {
    auto const before = from.list("columns");
    auto const after = to.list("columns");
    return before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin());
}

}  // namespace

void create_view(const World &world, Ref ref, Script &script, bool replace) {
    const Object &view = world[ref];
    script.add(fmt::format("CREATE {}VIEW {}{} AS\n{}", replace ? "OR REPLACE " : "", view.identity,
                           with_options(view), query_of(view)));
}

void create_materialized_view(const World &world, Ref ref, const Style &style, Script &script) {
    const Object &view = world[ref];
    std::string text = "CREATE MATERIALIZED VIEW " + view.identity;
    if (view.has("access_method")) text += " USING " + view.get("access_method");
    text += with_options(view);
    if (view.has("tablespace")) text += " TABLESPACE " + view.get("tablespace");
    text += " AS\n" + query_of(view);
    if (view.has(".no_data") && !style.fill) text += "\nWITH NO DATA";
    script.add(std::move(text), {{Risk::scans, "It is filled while its readers wait."}});
}

void create_dummy(const World &world, Ref ref, Script &script) {
    const Object &view = world[ref];
    std::vector<std::string> columns;
    for (std::string_view const column : view.list("columns")) {
        // name, type, collation
        std::size_t const name = column.find('\x1e');
        std::size_t const type = column.find('\x1e', name + 1);
        std::string_view const collation = column.substr(type + 1);
        columns.push_back(
            fmt::format("NULL::{}{}{} AS {}", column.substr(name + 1, type - name - 1),
                        collation.empty() ? "" : " COLLATE ", collation, column.substr(0, name)));
    }
    script.add(fmt::format("CREATE VIEW {} AS SELECT\n    {}", view.identity,
                           fmt::join(columns, ",\n    ")));
}

void create_over_dummy(const World &world, Ref ref, Script &script) {
    create_view(world, ref, script, true);
}

bool alter_view(const Pair &pair) {
    const Object &to = pair.to;
    if (to.kind == Kind::view) {
        if (pair.differs("definition") || pair.differs("columns")) {
            if (!extends(pair.from, to)) return false;
            // With its options, those that stay and those that are new.
            create_view(pair.after, pair.after.snapshot().ref(to), pair.script, true);
            return true;
        }
        alter_storage_options(pair, "options", "ALTER VIEW " + to.identity);
        return true;
    }
    if (pair.differs("definition") || pair.differs("columns")) return false;
    std::string const prefix = "ALTER MATERIALIZED VIEW " + to.identity;
    if (pair.differs("access_method"))
        pair.script.add(fmt::format("{} SET ACCESS METHOD {}", prefix,
                                    to.has("access_method") ? to.get("access_method") : "heap"),
                        {{Risk::rewrites, "It is written anew while readers wait."}});
    if (pair.differs("tablespace"))
        pair.script.add(fmt::format("{} SET TABLESPACE {}", prefix,
                                    to.has("tablespace") ? to.get("tablespace") : "pg_default"),
                        {{Risk::rewrites, "It is copied while readers wait."}});
    alter_storage_options(pair, "options", prefix);
    alter_storage_options(pair, "toast_options", prefix);
    return true;
}

}  // namespace migrate::schema
