#include "engine/compiled.hpp"

#include "pg/frame.hpp"
#include "pg/hash.hpp"

namespace migrate::engine {

using core::SectionName;

namespace {

constexpr std::size_t kMaxScript = 100 * 1024 * 1024;

constexpr const char *kBackslashHint =
    "The commands of psql that begin with a backslash are not SQL; leave them out.";

// In a handler: what the scanner or the grammar says of `text`, and at which byte. Anything else
// (no memory, a cancel) is no property of the text, and goes on.
std::size_t note(const std::string &text, std::optional<core::Error> &problem) {
    pg::ErrorText const error = pg::current_error_text();
    if (!error.sqlstate.starts_with("42") && !error.sqlstate.starts_with("22") &&
        !error.sqlstate.starts_with("0A"))
        throw;
    problem.emplace(core::Code::malformed_script, error.message, error.detail, error.hint);
    return error.position > 0 ? pg::byte_offset(text, error.position) : 0;
}

// Rows after COPY ... FROM STDIN do not parse, so the error is about them and not about COPY.
bool is_copy_from_stdin(std::string_view before) {
    std::size_t const semicolon = before.rfind(';');
    if (semicolon == std::string_view::npos) return false;
    std::size_t start = before.rfind(';', semicolon == 0 ? 0 : semicolon - 1);
    start = start == std::string_view::npos || start == semicolon ? 0 : start + 1;
    try {
        pg::Section const last(std::string(before.substr(start, semicolon - start)));
        return !last.refusals().empty() &&
               last.refusals().front().message.find("COPY") != std::string::npos;
    } catch (const pg::PgError &) {
        return false;
    }
}

}  // namespace

std::string_view section_text(std::string_view script, const core::Section &section) {
    return script.substr(section.begin, section.end - section.begin);
}

CompiledScript::CompiledScript(std::string text, std::string label)
    : text_(std::move(text)), label_(std::move(label)) {
    if (text_.size() > kMaxScript)
        throw core::Error(core::Code::malformed_script, "script is larger than 100 MB", {},
                          "Load data in another way than through a script.");
    core::Tokens tokens;
    std::optional<core::Error> problem;
    std::size_t offset = 0;
    try {
        tokens = pg::scan(text_);
        layout_ = core::read_script(text_, tokens);
        for (SectionName name : {SectionName::up, SectionName::verify, SectionName::down})
            if (layout_.section(name).present) compile(name);
        return;
    } catch (const core::ScriptError &e) {
        problem = e;
        offset = e.offset();
    } catch (const pg::PgError &) {
        offset = note(text_, problem);
    }
    fail(offset, *problem);
}

void CompiledScript::compile(SectionName name) {
    core::Section const &place = layout_.section(name);
    std::string const body(section_text(text_, place));
    std::optional<core::Error> problem;
    std::size_t offset = 0;
    try {
        sections_[index(name)] = std::make_unique<pg::Section>(body);
    } catch (const pg::PgError &) {
        offset = note(body, problem);
    }
    if (problem) {
        if (body.compare(offset, 1, "\\") == 0)
            problem = core::Error(core::Code::malformed_script, problem->message(),
                                  problem->detail(), kBackslashHint);
        if (is_copy_from_stdin(std::string_view(body).substr(0, offset)))
            problem =
                core::Error(core::Code::malformed_script, "a script cannot run COPY ... FROM STDIN",
                            {}, "Write the rows as INSERT ... VALUES.");
        fail(place.begin + offset, *problem);
    }
    refuse(name);
    for (core::Statement &statement : sections_[index(name)]->statements()) {
        std::uint32_t const begin = place.begin + statement.begin;
        auto const &marks = layout_.no_transaction;
        if (!place.transaction || std::binary_search(marks.begin(), marks.end(), begin))
            statement.transactional = false;
    }
}

void CompiledScript::refuse(SectionName name) const {
    pg::Section const &section = *sections_[index(name)];
    std::uint32_t const begin = layout_.section(name).begin;
    for (const pg::Section::Refusal &refusal : section.refusals())
        fail(begin + section.statements()[refusal.statement].begin,
             core::Error(core::Code::malformed_script, refusal.message, {}, refusal.hint));
    if (name != SectionName::verify) return;
    for (const core::Statement &statement : section.statements())
        if (!statement.transactional)
            fail(begin + statement.begin,
                 core::Error(core::Code::malformed_script,
                             "a verify section cannot run statements outside of a transaction", {},
                             "A failed verify undoes its revision, so it runs in the same "
                             "transaction."));
}

void CompiledScript::fail(std::size_t offset, const core::Error &error) const {
    std::size_t end = text_.find('\n', std::min(offset, text_.size()));
    if (end == std::string::npos) end = text_.size();
    std::string query = pg::fold(text_, offset, end);
    int const position = query.empty() ? 0 : pg::folded_position(text_, offset, offset);
    throw core::LocatedError(
        error, std::move(query), position,
        fmt::format("file \"{}\", line {}", label_, core::line_of(text_, offset)));
}

pg::Bytes CompiledScript::checksum() const {
    std::string all;
    for (SectionName name : {SectionName::up, SectionName::verify, SectionName::down}) {
        core::Section const &place = layout_.section(name);
        all += place.present ? place.transaction ? "+" : "-" : "0";
        all += section_text(text_, place);
        all += '\0';
    }
    return pg::sha256(all);
}

void CompiledScript::describe(Details &details) const {
    details.checksum = checksum();
    details.script_checksum = pg::sha256(text_);
    const core::Statements &up = section(SectionName::up).statements();
    details.up_statements = static_cast<int>(up.size());
    details.up_transactional = core::all_transactional(up);
    details.adds_enum_value = std::any_of(up.begin(), up.end(), [](const core::Statement &s) {
        return s.added_enum_value.has_value();
    });
    details.down_statements.reset();
    details.down_transactional = true;
    if (!has(SectionName::down)) return;
    const core::Statements &down = section(SectionName::down).statements();
    details.down_statements = static_cast<int>(down.size());
    details.down_transactional = core::all_transactional(down);
}

}  // namespace migrate::engine
