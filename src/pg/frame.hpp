// Where in a script the server is: turns what an error says of our own statement into the file's
// line, with the cursor on it.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// A text with the lines before `begin` folded to bare carriage returns, which clients count as
// lines and do not show: "LINE 40:" is then the file's line 40 without 39 lines of it in QUERY.
std::string fold(std::string_view file, std::size_t begin, std::size_t end);

// The position (characters, from 1) of byte `offset` of `file` in fold(file, begin, end).
int folded_position(std::string_view file, std::size_t begin, std::size_t offset);

// The byte offset of character `position` (from 1) of `text`.
std::size_t byte_offset(std::string_view text, int position);

// While it lives, errors and notices say in CONTEXT what `description` says, which must outlive it.
class ContextFrame {
 public:
    explicit ContextFrame(const std::string &description);
    ~ContextFrame();
    ContextFrame(const ContextFrame &) = delete;
    ContextFrame &operator=(const ContextFrame &) = delete;

 private:
    static void callback(void *arg);
    ErrorContextCallback link_;
};

// A statement of a script: the bytes [begin, end) of the file, in the section that starts at byte
// `section`. The file must outlive whoever holds this.
struct ScriptPlace {
    std::string_view file;
    std::size_t section, begin, end;
    std::size_t number, count;  // "statement 4 of 5"
};

// While it lives, errors and notices say in CONTEXT where they come from, and their cursor
// positions, which count from the start of the section, become positions in the file. Nothing is
// computed before there is something to say: a script may have very many statements.
class ScriptFrame {
 public:
    // `title` names the revision and the section.
    ScriptFrame(std::string title, const ScriptPlace &place);
    ~ScriptFrame();
    ScriptFrame(const ScriptFrame &) = delete;
    ScriptFrame &operator=(const ScriptFrame &) = delete;

    // What errors say in CONTEXT.
    std::string description() const;

 private:
    static void callback(void *arg);
    char *describe() const;
    void report() const;
    void move_position(int position) const;

    std::string const title_;
    ScriptPlace const place_;
    ErrorContextCallback link_;
};

}  // namespace migrate::pg
