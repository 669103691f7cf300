// The statements that make, change and remove one object. What depends on what is not known here.
#pragma once

#include <memory>
#include <optional>
#include <set>

#include "schema/acl.hpp"
#include "schema/casts.hpp"
#include "schema/world.hpp"

namespace migrate::schema {

struct Style {
    std::shared_ptr<const Casts> casts = std::make_shared<Casts>();  // that the database has
    std::string role;      // who is going to run the statements, and so owns what they make
    bool online = false;   // forms that keep nobody waiting, where there are any
    bool restart = false;  // sequences whose value is not in their new range begin anew
    bool renewed = false;  // the type of a column is made anew under its name
    bool fill = false;     // a materialized view, though it is wanted without rows: it had some
    int version = 15;      // major version of the server
};

// Those of its parts that a CREATE statement has in it.
using Parts = std::vector<Ref>;

// A part that can be inside its parent's CREATE statement.
bool is_inline(const Object &part);

void create(const World &world, Ref ref, const Parts &parts, const Style &style, Script &script);
// `cascade` takes along what depends on it.
void drop(const World &world, Ref ref, bool cascade, Script &script);
// An index; outside of a transaction.
void drop_concurrently(const World &world, Ref index, Script &script);
// `only`: children keep theirs.
void drop_column(const World &world, Ref ref, bool only, Script &script);
// False: PostgreSQL does not alter this; it has to be dropped and created.
bool alter(const World &before, Ref from, const World &after, Ref to, const Style &style,
           Script &script);

// Where in a definition what stands before its WHERE ends.
std::size_t before_where(const Object &object, std::string_view definition);

// Owner, privileges, comment, labels and extensions of what is new. `initial`: what it is made
// with.
void describe(const World &world, Ref ref, const Acl &initial, const Style &style, Script &script);
// The sequence of an identity column, that has been made with these privileges.
void describe_identity(const World &world, Ref column, const Acl &initial, const Style &style,
                       Script &script);

// "TRIGGER t ON public.a": the object as COMMENT ON and SECURITY LABEL name it.
std::string target_of(const World &world, Ref ref);

// A type that is being replaced, or a table: the name aside that the old one gets, and what is left
// to do with it in the end.
std::string aside(const Object &object);
std::string identity_aside(const Object &object);
void move_aside(const World &world, Ref ref, Script &script);
// Lets the sequence behind a column begin behind its values. `sequence`: an expression; `counter`
// says how it counts.
void count_from_values(const World &world, const Object &column, const std::string &sequence,
                       const Object &counter, Script &script);
std::string sequence_of_column(const World &world, const Object &column);
// Lets it go on where another one is, unless that has counted somewhere else.
void count_on_from(const std::string &other, const std::string &sequence, const Object &counter,
                   Script &script);
// The sequence behind an identity column gets a name aside, which is returned with its schema.
std::string sequence_aside(const std::string &sequence);
std::string move_sequence_aside(const std::string &sequence, Script &script);
// That of an identity column goes on where that of `old`, which is aside, is.
void continue_counting(const World &world, const Object &column, const Object &old, Script &script);
// `replaced`: of the old one's columns, those whose type is being replaced too.
void copy_rows(const World &before, Ref from, const World &after, Ref to,
               const std::set<Ref> &replaced, const Style &style, Script &script);
void drop_aside(const World &world, Ref ref, Script &script);
// Types that cannot stay under a name aside: columns have the values as text until there is the new
// one.
void convert_to_text(const World &world, Ref column, Script &script);
bool moves_by_text(Kind kind);
// A view that only has the columns, to be replaced by the real one.
void create_dummy(const World &world, Ref ref, Script &script);
void create_over_dummy(const World &world, Ref ref, Script &script);
// Whether a column gets another type, so that PostgreSQL wants much of what uses it out of the way.
bool retypes(const Object &from, const Object &to);

}  // namespace migrate::schema
