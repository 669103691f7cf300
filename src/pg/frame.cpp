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

ContextFrame::~ContextFrame() { error_context_stack = link_.previous; }

void ContextFrame::callback(void *arg) { errcontext("%s", static_cast<const char *>(arg)); }

ScriptFrame::ScriptFrame(const std::string &file, std::size_t section, std::size_t begin,
                         std::size_t end, const std::string &description)
    : query_(fold(file, begin, end)), shift_(0), description_(description.c_str()), link_{} {
    std::size_t const start = core::line_start(file, begin);
    shift_ = core::line_of(file, start) - 1;
    if (start >= section)
        shift_ -= characters(std::string_view(file).substr(section, start - section));
    else
        shift_ += characters(std::string_view(file).substr(start, section - start));
    link_.callback = callback;
    link_.arg = this;
    link_.previous = error_context_stack;
    error_context_stack = &link_;
}

ScriptFrame::~ScriptFrame() { error_context_stack = link_.previous; }

void ScriptFrame::callback(void *arg) { static_cast<ScriptFrame *>(arg)->report(); }

// Runs inside ereport: nothing here may throw or allocate in C++.
void ScriptFrame::report() const {
    int const position = geterrposition();
    if (position > 0) {
        errposition(0);
        int const moved = position + shift_;
        if (moved > 0 && moved <= static_cast<int>(query_.size()) + 1) {
            internalerrposition(moved);
            internalerrquery(query_.c_str());
        }
    }
    errcontext("%s", description_);
}

}  // namespace migrate::pg
