// Statements that a caller gives as a text, with errors that say where in it.
#pragma once

#include "core/error.hpp"
#include "pg/frame.hpp"
#include "pg/parser.hpp"

namespace migrate::engine {

class GivenText {
 public:
    // `label` is what the text is to the caller ("upgrade"). Throws MG010 with the cursor in the
    // text where it does not parse.
    GivenText(std::string text, const char *label);

    const pg::Section &section() const { return section_; }
    std::size_t size() const { return section_.statements().size(); }
    // Of a statement, for a pg::ScriptFrame.
    pg::ScriptPlace place(std::size_t index) const;
    const char *label() const { return label_; }

    // Throws MG010 for what can never run from a script. `brackets`: BEGIN and COMMIT may be there,
    // and are to be left out.
    void refuse_what_cannot_run(bool brackets = false) const;
    [[noreturn]] void fail_at(std::size_t index, const core::Error &error) const;

 private:
    const char *const label_;
    pg::Section const section_;
};

}  // namespace migrate::engine
