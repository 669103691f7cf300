#include "schema/filter.hpp"

#include <algorithm>

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

Snapshot filtered(const Snapshot &snapshot, const Filter &filter) {
    if (filter.is_empty()) return snapshot;
    auto const excludes = [&](std::string_view kind) {
        return filter.excluded_kinds.count(std::string(kind)) != 0;
    };
    Snapshot result = snapshot.without([&](const Object &object) {
        if (excludes(to_string(object.kind)) || is_outside(object, filter.schemas)) return true;
        if (excludes("grant") &&
            (object.kind == Kind::member || object.kind == Kind::default_privileges))
            return true;
        return object.parent == kNone && is_named(object, filter.excluded_names);
    });
    for (Ref ref = 0; ref < result.size(); ref++) {
        Object &object = result[ref];
        if (excludes("grant")) object.remove("acl");
        if (excludes("owner")) disown(object, filter.role);
        if (excludes("comment")) object.remove("comment");
        if (excludes("security label")) object.remove("labels");
    }
    return result;
}

}  // namespace migrate::schema
