// A script that the server has parsed: ready to be stored, or to run.
#pragma once

#include "core/script.hpp"
#include "engine/store.hpp"
#include "pg/parser.hpp"

namespace migrate::engine {

class CompiledScript {
 public:
    // Parses the sections of a normalised script. `label` is what messages call the file.
    // Throws core::LocatedError (MG010) with the line, the cursor and a hint for whatever could
    // not run.
    CompiledScript(std::string text, std::string label);

    const std::string &text() const { return text_; }
    const core::Header &header() const { return layout_.header; }
    const core::Section &layout(core::SectionName name) const { return layout_.section(name); }
    bool has(core::SectionName name) const { return sections_[index(name)] != nullptr; }
    pg::Section &section(core::SectionName name) { return *sections_[index(name)]; }
    const pg::Section &section(core::SectionName name) const { return *sections_[index(name)]; }

    // Of the three sections, so that a changed header does not change it.
    pg::Bytes checksum() const;

    // Fills what is stored of the statements.
    void describe(Details &details) const;

 private:
    static std::size_t index(core::SectionName name) { return static_cast<std::size_t>(name); }
    void compile(core::SectionName name);
    void refuse(core::SectionName name) const;
    [[noreturn]] void fail(std::size_t offset, const core::Error &error) const;

    std::string text_;
    std::string label_;
    core::Script layout_;
    std::unique_ptr<pg::Section> sections_[3];
};

// The bytes of one section.
std::string_view section_text(std::string_view script, const core::Section &section);

}  // namespace migrate::engine
