#include "pg/frame.hpp"

#include "core/lex.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace migrate::pg {

namespace {

int characters(std::string_view text) {
    return call([&] { return pg_mbstrlen_with_len(text.data(), static_cast<int>(text.size())); });
}

}  // namespace

std::string fold(std::string_view file, std::size_t begin, std::size_t end) {
    std::size_t const start = core::line_start(file, begin);
    std::string folded(core::line_of(file, start) - 1, '\r');
    folded += file.substr(start, std::max(end, start) - start);
    return folded;
}

int folded_position(std::string_view file, std::size_t begin, std::size_t offset) {
    std::size_t const start = core::line_start(file, begin);
    return core::line_of(file, start) + characters(file.substr(start, offset - start));
}

std::size_t byte_offset(std::string_view text, int position) {
    int const length = static_cast<int>(text.size());
    return call([&] { return pg_mbcharcliplen(text.data(), length, std::max(position - 1, 0)); });
}

ContextFrame::ContextFrame(const std::string &description) : link_{} {
    link_.callback = callback;
    link_.arg = const_cast<char *>(description.c_str());
    link_.previous = error_context_stack;
    error_context_stack = &link_;
}

ContextFrame::~ContextFrame() {
    error_context_stack = link_.previous;
}

void ContextFrame::callback(void *arg) {
    errcontext("%s", static_cast<const char *>(arg));
}

ScriptFrame::ScriptFrame(std::string title, const ScriptPlace &place)
    : title_(std::move(title)), place_(place), link_{} {
    link_.callback = callback;
    link_.arg = this;
    link_.previous = error_context_stack;
    error_context_stack = &link_;
}

ScriptFrame::~ScriptFrame() {
    error_context_stack = link_.previous;
}

std::string ScriptFrame::description() const {
    return call([&] { return describe(); });
}

// From here on everything may run inside ereport: no C++ object is made, and memory is
// PostgreSQL's.
void ScriptFrame::callback(void *arg) {
    static_cast<ScriptFrame *>(arg)->report();
}

void ScriptFrame::report() const {
    if (int const position = geterrposition(); position > 0) move_position(position);
    errcontext("%s", describe());
}

char *ScriptFrame::describe() const {
    return psprintf("%s, line %d, statement %zu of %zu", title_.c_str(),
                    core::line_of(place_.file, place_.begin), place_.number, place_.count);
}

// From a position in the section to the same place of fold(file, begin, end).
void ScriptFrame::move_position(int position) const {
    errposition(0);
    const char *const file = place_.file.data();
    std::size_t const start = core::line_start(place_.file, place_.begin);
    int const lines = core::line_of(place_.file, start) - 1;
    int const length = static_cast<int>(std::max(place_.end, start) - start);
    auto characters = [&](std::size_t from, std::size_t to) {
        return pg_mbstrlen_with_len(file + from, static_cast<int>(to - from));
    };
    int const moved = position + lines +
                      (start >= place_.section ? -characters(place_.section, start)
                                               : characters(start, place_.section));
    if (moved <= 0 || moved > lines + length + 1) return;
    auto *const query = static_cast<char *>(palloc(lines + length + 1));
    memset(query, '\r', lines);
    memcpy(query + lines, file + start, length);
    query[lines + length] = '\0';
    internalerrposition(moved);
    internalerrquery(query);
}

}  // namespace migrate::pg
