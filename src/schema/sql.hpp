// Pieces of SQL text.
#pragma once

#include <string>
#include <string_view>

namespace migrate::schema {

std::string literal(std::string_view text);      // 'it''s'
std::string json_string(std::string_view text);  // "it\"s"
std::string identifier(std::string_view name);   // quoted unless it is plain; not for keywords
std::string unquoted(std::string_view name);     // the name that a (perhaps quoted) identifier is
// The same statement without a carriage return in its literals, which files would lose.
std::string without_carriage_returns(std::string_view sql);

// Where the identifier ends that a text begins with.
std::size_t end_of_identifier(std::string_view text);
// Where the last part of a qualified name begins.
std::size_t last_part(std::string_view qualified);
// A name with something behind it, cut so that it stays a name.
std::string suffixed(std::string_view identifier, std::string_view suffix);

// Expressions as the server writes them, changed where it would not read them as it wrote them:
// (ARRAY['a'::character varying])::text[] becomes an array of text when it is read.
std::string stable(std::string sql);

// About types, as format_type() writes them.
std::string base_type(std::string_view type);  // without modifiers
bool is_integer(std::string_view type);
bool is_array(std::string_view type);
std::string element_of(std::string_view array);
bool is_builtin(std::string_view type);  // of pg_catalog
// Every value stays as it is, byte for byte: nothing is rewritten.
bool keeps_values(std::string_view from, std::string_view to);
// Values become others without an error.
bool rounds(std::string_view from, std::string_view to);
// Every value of the one has a value of the other.
bool widens(std::string_view from, std::string_view to);

}  // namespace migrate::schema
