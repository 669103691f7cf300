#include "core/lex.hpp"

#include <algorithm>

namespace migrate::core {

namespace {

// A gap holds white space and comments only; block comments nest, as in SQL.
void scan_gap(std::string_view text, std::size_t begin, std::size_t end,
              std::vector<LineComment> &found) {
    int depth = 0;
    for (std::size_t i = begin; i < end; i++) {
        std::string_view const here = text.substr(i, std::min<std::size_t>(2, end - i));
        if (depth > 0) {
            if (here == "*/")
                depth--, i++;
            else if (here == "/*")
                depth++, i++;
        } else if (here == "/*") {
            depth++, i++;
        } else if (here == "--") {
            std::size_t const stop = std::min(text.find_first_of("\n\r", i), end);
            found.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(stop)});
            i = stop;
        }
    }
}

}  // namespace

std::vector<LineComment> line_comments(std::string_view text, const Tokens &tokens) {
    std::vector<LineComment> found;
    std::size_t begin = 0;
    for (const Token &token : tokens) {
        scan_gap(text, begin, token.begin, found);
        begin = token.end;
    }
    scan_gap(text, begin, text.size(), found);
    return found;
}

int line_of(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + offset, '\n'));
}

std::size_t line_start(std::string_view text, std::size_t offset) {
    std::size_t const before =
        offset == 0 ? std::string_view::npos : text.rfind('\n', std::min(offset, text.size()) - 1);
    return before == std::string_view::npos ? 0 : before + 1;
}

}  // namespace migrate::core
