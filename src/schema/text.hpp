// Snapshots as text, for tables and for other processes.
//
// A line for each object, its fields with tabs in between: kind, identity, name, schema, position,
// then marked ones: "^" kind and identity of the parent, "+" name and value of an attribute, "<"
// kind and identity of what it needs. Backslash, tab, line feed, carriage return and NUL are
// written as
// \\ \t \n \r \0, so that any value is one field and a text is fit for a column of type text.
#pragma once

#include "schema/snapshot.hpp"

namespace migrate::schema {

// One object, without a line feed. Two of the same definition, with the same notes and needs, give
// the same text, whatever else is in their snapshots.
std::string to_text(const Snapshot &snapshot, Ref ref);
// The same behind `text`. Without needs, it is the object alone.
void append_text(const Snapshot &snapshot, Ref ref, bool with_needs, std::string &text);
std::string_view without_needs(std::string_view line);
// Each object with a line feed behind it.
std::string to_text(const Snapshot &snapshot);

// What to_text() wrote. What an object needs and is not there is left out, and so is an object
// whose parent is not there. Throws std::invalid_argument for anything else.
Snapshot snapshot_of_text(std::string_view text);

}  // namespace migrate::schema
