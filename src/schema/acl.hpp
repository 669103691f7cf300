// Privileges: who has granted what to whom.
#pragma once

#include "schema/object.hpp"
#include "schema/statement.hpp"

namespace migrate::schema {

struct Privilege {
    std::string grantor;
    std::string grantee;  // "PUBLIC" or a role
    std::string word;     // SELECT
    bool grantable = false;
    auto operator<=>(const Privilege &) const = default;
};
using Acl = std::vector<Privilege>;  // sorted

// What the attribute "acl" says: items with kSeparator between, the parts of one with kPart.
inline constexpr char kPart = '\x1e';
Acl parse_acl(const Object &object, std::string_view attribute = "acl");
void set_acl(Object &object, const Acl &acl, std::string_view attribute = "acl");
inline constexpr std::string_view kSequenceAcl = "sequence_acl";  // of an identity column

// What an object has that nobody has granted anything on (acldefault() of the server).
Acl default_acl(char letter, const std::string &owner);

// The privileges on an object, written down or by default.
Acl acl_of(const Object &object);

// Of a member of an extension: as the extension has made it.
Acl initial_acl_of_member(const Object &member);
// What becomes of them when the object gets another owner.
Acl with_owner(Acl acl, const std::string &from, const std::string &to);

// What the privileges are on.
struct Grantable {
    std::string target;   // "TABLE public.t"
    std::string columns;  // " (a)", or empty
    char letter;          // says what ALL means
    std::string owner;
    std::string prefix = {};  // before GRANT or REVOKE
};
// Adds the statements that make `to` of `from`.
void change_acl(const Grantable &on, const Acl &from, const Acl &to, Script &script);

// The words behind "GRANT" for all privileges that an object of this kind has.
std::vector<std::string> all_privileges(char letter);

}  // namespace migrate::schema
