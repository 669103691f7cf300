// Small schemas for the tests of schema/.
#pragma once

#include <initializer_list>

#include "schema/diff.hpp"

namespace migrate::schema {

class Builder {
 public:
    using Attributes = std::initializer_list<std::pair<const char *, const char *>>;

    Builder() { add(Kind::schema, "public"); }

    Ref add(Kind kind, const std::string &name, Attributes attributes = {},
            std::vector<Ref> needs = {}) {
        Object object;
        object.kind = kind;
        object.name = name;
        object.needs = std::move(needs);
        if (kind != Kind::schema) {
            object.schema = "public";
            object.needs.push_back(0);
        }
        object.identity = kind == Kind::schema ? name : "public." + name;
        return put(std::move(object), attributes);
    }

    Ref part(Kind kind, Ref parent, const std::string &name, Attributes attributes = {},
             std::vector<Ref> needs = {}) {
        Object object;
        object.kind = kind;
        object.name = name;
        object.parent = parent;
        object.schema = "public";
        object.identity = snapshot[parent].identity + "." + name;
        object.needs = std::move(needs);
        object.position = static_cast<int>(snapshot.size());
        return put(std::move(object), attributes);
    }

    Snapshot snapshot;

 private:
    Ref put(Object object, Attributes attributes) {
        object.set("owner", "me");
        for (auto const &[name, value] : attributes) object.set(Snapshot::pooled(name), value);
        return snapshot.add(std::move(object));
    }
};

// The statements, one per line.
inline std::string statements(const Snapshot &from, const Snapshot &to) {
    DiffOptions options;
    options.style.role = "me";
    Casts casts;
    casts.add("integer", "bigint", 'i');
    options.style.casts = std::make_shared<Casts>(std::move(casts));
    std::string text;
    for (const Statement &statement : diff(from, to, options)) text += statement.sql + "\n";
    return text;
}

// What each statement risks, one per line: "loses data, locks".
inline std::string risks(const Snapshot &from, const Snapshot &to) {
    DiffOptions options;
    options.style.role = "me";
    std::string text;
    for (const Statement &statement : diff(from, to, options)) {
        std::string line;
        for (const Hazard &hazard : statement.hazards)
            line += (line.empty() ? "" : ", ") + std::string(to_string(hazard.risk));
        text += line + "\n";
    }
    return text;
}

}  // namespace migrate::schema
