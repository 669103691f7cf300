// One thing of a schema, with all that its definition says, as plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/kind.hpp"

namespace migrate::schema {

// An object's place in its snapshot.
using Ref = std::uint32_t;
inline constexpr Ref kNone = static_cast<Ref>(-1);

// Attributes that hold several texts hold them with this in between.
inline constexpr char kSeparator = '\x1f';

struct Attribute {
    std::string_view name;  // of static or pooled storage
    std::string value;
    bool operator==(const Attribute &) const = default;
};

// Names are as SQL reads them: quoted where they must be. Two objects of the same kind and identity
// are the same thing, at two times.
struct Object {
    Kind kind{};
    // Unique among its kind: "schema.name", with arguments for a function, with the table before it
    // for what belongs to a table.
    std::string identity;
    std::string name;    // the last part of it
    std::string schema;  // empty: it is in none
    Ref parent = kNone;  // the table, type or domain that it is a part of
    // Its place among its siblings, for creating them in order. Not a part of the definition: the
    // order of columns is not worth a change.
    int position = 0;
    // Sorted by name; what is absent is PostgreSQL's default. Names that begin with a dot are notes
    // for writing statements, and no part of the definition.
    std::vector<Attribute> attributes;
    std::vector<Ref> needs;  // what it depends on

    // Empty when it is absent.
    const std::string &get(std::string_view attribute) const;
    bool has(std::string_view attribute) const;
    void set(std::string_view attribute, std::string value);  // the name must stay
    void remove(std::string_view attribute);
    std::vector<std::string_view> list(std::string_view attribute) const;
};

// "table public.a"
std::string label_of(const Object &object);

// Whether the two have the same value there.
bool same(const Object &a, const Object &b, std::string_view attribute);

// The names of the attributes in which the two differ, notes aside.
std::vector<std::string_view> differences(const Object &a, const Object &b);

}  // namespace migrate::schema
