#include "engine/given_text.hpp"

#include "core/lex.hpp"

namespace migrate::engine {

namespace {

// What is not SQL, and looks as if it was: psql's commands, and the rows of COPY.
std::string advice(std::string_view text, std::size_t offset) {
    std::size_t const copy = text.substr(0, offset).rfind("FROM stdin;");
    if (copy != std::string_view::npos &&
        text.substr(copy, offset - copy).find_first_not_of(" \r\n", 11) == std::string_view::npos)
        return "Rows of COPY cannot be given here; pg_dump -s writes none.";
    if (text.substr(offset).starts_with('\\'))
        return "Commands of psql are not run here; pg_dump -s without --create writes none.";
    return {};
}

pg::Section parse(std::string text, const char *label) {
    std::optional<core::Error> problem;
    std::size_t offset = 0;
    try {
        return pg::Section(text);
    } catch (const pg::PgError &) {
        pg::ErrorText const error = pg::current_error_text();
        if (!error.sqlstate.starts_with("42") && !error.sqlstate.starts_with("22")) throw;
        if (error.position > 0) offset = pg::byte_offset(text, error.position);
        problem.emplace(core::Code::malformed_script, error.message, error.detail,
                        error.hint.empty() ? advice(text, offset) : error.hint);
    }
    std::size_t const end = std::min(text.find('\n', std::min(offset, text.size())), text.size());
    throw core::LocatedError(*problem, pg::fold(text, offset, end),
                             pg::folded_position(text, offset, offset),
                             fmt::format("{}, line {}", label, core::line_of(text, offset)));
}

}  // namespace

GivenText::GivenText(std::string text, const char *label)
    : label_(label), section_(parse(std::move(text), label)) {}

pg::ScriptPlace GivenText::place(std::size_t index) const {
    core::Statement const &statement = section_.statements()[index];
    return {section_.text(), 0, statement.begin, statement.end, index + 1, size()};
}

void GivenText::refuse_what_cannot_run(bool brackets) const {
    for (const pg::Section::Refusal &refusal : section_.refusals())
        if (!brackets || !section_.is_bracket(refusal.statement))
            fail_at(refusal.statement,
                    core::Error(core::Code::malformed_script, refusal.message, {}, refusal.hint));
}

void GivenText::fail_at(std::size_t index, const core::Error &error) const {
    pg::ScriptPlace const at = place(index);
    throw core::LocatedError(error, pg::fold(at.file, at.begin, at.end),
                             pg::folded_position(at.file, at.begin, at.begin),
                             pg::ScriptFrame(label_, at).description());
}

}  // namespace migrate::engine
