// The script format: one plain SQL file per revision, cut into sections by `-- migrate:` lines.
//
//   -- migrate:revision ID          -- migrate:message TEXT     (again: a further line)
//   -- migrate:revises ID, ...      (or: base)
//   -- migrate:label NAME, ...      -- migrate:depends ID, ...
//   -- migrate:up [transaction:false]
//   -- migrate:verify
//   -- migrate:down [transaction:false]
//   -- migrate:no-transaction       before one statement
//
// A superset of dbmate's format. A line that looks like one of these and is not is an error.
#pragma once

#include "core/error.hpp"
#include "core/lex.hpp"

#include <optional>

namespace migrate::core {

enum class SectionName { up, verify, down };
const char *to_string(SectionName name);  // what messages call it: upgrade, verify, downgrade

struct Section {
    bool present = false;
    std::uint32_t begin = 0;  // the byte after the marker's line
    std::uint32_t end = 0;
    bool transaction = true;  // false: every statement runs outside a transaction block
};

struct Header {
    std::optional<std::string> revision;
    std::optional<std::vector<std::string>> revises;  // empty: a base
    std::optional<std::string> message;
    std::vector<std::string> labels;
    std::vector<std::string> depends_on;
};

struct Script {
    Header header;
    Section up, verify, down;
    std::vector<std::uint32_t> no_transaction;  // first bytes of the statements marked so

    const Section &section(SectionName name) const {
        return name == SectionName::up ? up : name == SectionName::verify ? verify : down;
    }
};

// What is wrong with a script, and at which byte.
class ScriptError : public Error {
 public:
    ScriptError(std::size_t offset, std::string message, std::string detail = {},
                std::string hint = {})
        : Error(Code::malformed_script, std::move(message), std::move(detail), std::move(hint)),
          offset_(offset) {}
    std::size_t offset() const noexcept { return offset_; }

 private:
    std::size_t offset_;
};

// Without a byte order mark, with \n for line breaks and one at the end.
std::string normalise(std::string_view text);

// Reads a normalised text. Throws ScriptError (MG010).
Script read_script(std::string_view text, const Tokens &tokens);

// The parts of a script given one by one, as revision() and edit() get them.
struct Parts {
    std::string id;
    std::string message;
    std::vector<std::string> parents;
    std::vector<std::string> labels;
    std::vector<std::string> depends_on;
    std::string up;
    std::optional<std::string> down;
    std::optional<std::string> verify;
    bool up_transaction = true;  // false: transaction:false
    bool down_transaction = true;
};

// The script that says the same as `parts`.
std::string write_script(const Parts &parts);

// What the name of a file says, for a header that does not: `0042_add_users.sql` is revision 0042
// with the message "add users"; without leading digits the whole stem is the id.
struct NamedBy {
    std::string revision;
    std::string message;
};
NamedBy read_file_name(std::string_view path);

}  // namespace migrate::core
