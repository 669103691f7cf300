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

// While it lives, errors and notices say in CONTEXT what `description` says, and their cursor
// positions, which count from the start of the section, become positions in the file.
class ScriptFrame {
   public:
    // `file` is the whole script, the section starts at byte `section`, and the statement is the
    // bytes [begin, end) of the file. Both strings must outlive the frame.
    ScriptFrame(const std::string &file, std::size_t section, std::size_t begin, std::size_t end,
                const std::string &description);
    ~ScriptFrame();
    ScriptFrame(const ScriptFrame &) = delete;
    ScriptFrame &operator=(const ScriptFrame &) = delete;

   private:
    static void callback(void *arg);
    void report() const;

    std::string query_;
    int shift_;  // characters from a position in the section to one in query_
    const char *description_;
    ErrorContextCallback link_;
};

}  // namespace migrate::pg
