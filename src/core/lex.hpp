// What the server's scanner says of a text: where the tokens are, and so where the comments are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

// Byte offsets; `end` is one past the last byte.
struct Token {
    std::uint32_t begin;
    std::uint32_t end;
    bool semicolon;
};

using Tokens = std::vector<Token>;

// A `--` comment outside of every token: begin at the dashes, end before the line break.
struct LineComment {
    std::uint32_t begin;
    std::uint32_t end;
};

// The line comments of `text`, found in the gaps between its tokens.
std::vector<LineComment> line_comments(std::string_view text, const Tokens &tokens);

// The number of the line, from 1, in which `offset` is.
int line_of(std::string_view text, std::size_t offset);

// The start of the line in which `offset` is.
std::size_t line_start(std::string_view text, std::size_t offset);

}  // namespace migrate::core
