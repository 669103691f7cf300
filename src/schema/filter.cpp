#include "schema/filter.hpp"

#include <algorithm>
#include <array>

#include "schema/acl.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

constexpr std::string_view kFacets[] = {"owner", "grant", "comment", "security label"};

// * and ? as psql has them; without recursion, whatever the pattern.
bool matches(std::string_view text, std::string_view pattern) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t from = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            t++;
            p++;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            from = t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') p++;
    return p == pattern.size();
}

bool is_named(const Object &object, const std::vector<std::string> &patterns) {
    if (patterns.empty()) return false;
    std::string const name = unquoted(object.name);
    std::string const qualified =
        object.schema.empty() ? name : unquoted(object.schema) + "." + name;
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string &pattern) {
        bool const with_schema = pattern.find('.') != std::string::npos;
        return matches(with_schema ? qualified : name, pattern);
    });
}

bool is_outside(const Object &object, const std::set<std::string> &schemas) {
    if (schemas.empty() || object.parent != kNone) return false;
    std::string const &name = object.kind == Kind::schema ? object.name : object.schema;
    return name.empty() || schemas.count(unquoted(name)) == 0;
}

void disown(Object &object, const std::string &role) {
    if (!object.has("owner") || object.kind == Kind::member) return;
    std::string const owner = object.get("owner");
    if (object.has("acl")) set_acl(object, with_owner(parse_acl(object), owner, role));
    object.set("owner", role);
}

}  // namespace

bool is_excludable(const std::string &kind) {
    return find_kind(kind) ||
           std::find(std::begin(kFacets), std::end(kFacets), kind) != std::end(kFacets);
}

Snapshot filtered(Snapshot snapshot, const Filter &filter) {
    if (filter.is_empty()) return snapshot;
    auto const excludes = [&](std::string_view kind) {
        return filter.excluded_kinds.count(std::string(kind)) != 0;
    };
    std::array<bool, kKinds> kinds{};
    for (std::size_t kind = 0; kind < kKinds; kind++)
        kinds[kind] = excludes(to_string(static_cast<Kind>(kind)));
    bool const grants = excludes("grant");
    if (grants)
        for (Kind const kind : {Kind::member, Kind::default_privileges})
            kinds[static_cast<std::size_t>(kind)] = true;
    Snapshot result = std::move(snapshot).without([&](Ref, const Object &object) {
        return kinds[static_cast<std::size_t>(object.kind)] || is_outside(object, filter.schemas) ||
               (object.parent == kNone && is_named(object, filter.excluded_names));
    });
    bool const owners = excludes("owner");
    bool const comments = excludes("comment");
    bool const labels = excludes("security label");
    if (!grants && !owners && !comments && !labels) return result;
    for (Ref ref = 0; ref < result.size(); ref++) {
        Object &object = result[ref];
        if (grants) object.remove("acl");
        if (owners) disown(object, filter.role);
        if (comments) object.remove("comment");
        if (labels) object.remove("labels");
    }
    return result;
}

void keep_schemas_in_use(const Snapshot &all, const Snapshot &looked_at, Snapshot &wanted) {
    std::set<std::string> in_use;
    for (const Object &object : all.objects())
        if (object.parent == kNone && !object.schema.empty() &&
            looked_at.find(object.kind, object.identity) == kNone)
            in_use.insert(object.schema);
    for (const Object &object : looked_at.objects())
        if (object.kind == Kind::schema && in_use.count(object.name) != 0 &&
            wanted.find(object.kind, object.identity) == kNone) {
            Object schema = object;
            schema.needs.clear();
            wanted.add(std::move(schema));
        }
}

}  // namespace migrate::schema
