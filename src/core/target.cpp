#include "core/target.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/messages.hpp"

namespace migrate::core {

namespace {

constexpr std::int64_t far_away = INT32_MAX;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_sign(char c) {
    return c == '+' || c == '-';
}

std::int64_t saturated(std::string_view digits) {
    std::int64_t value = 0;
    for (char c : digits) value = std::min(value * 10 + (c - '0'), far_away);
    return value;
}

// Where a sign and digits begin that reach to the end of the text.
std::size_t trailing_step(std::string_view text) {
    std::size_t at = text.size();
    while (at > 0 && is_digit(text[at - 1])) --at;
    if (at == text.size() || at == 0 || !is_sign(text[at - 1])) return std::string_view::npos;
    return at - 1;
}

}  // namespace

Target parse_target(const Graph &graph, std::string_view text) {
    Target target;
    target.text = text;
    if (text.empty()) throw Error(Code::invalid_target, "target must not be empty");
    if (text.find(':') != std::string_view::npos)
        throw Error(Code::invalid_target, fmt::format("range {} is not allowed here", quoted(text)),
                    {},
                    "A range is for history, export, upgrade_sql and downgrade_sql; name one "
                    "target.");
    std::string_view rest = text;
    const std::size_t at = text.find('@');
    if (at != std::string_view::npos) {
        target.label = text.substr(0, at);
        rest = text.substr(at + 1);
        if (target.label->empty())
            throw Error(Code::invalid_target,
                        fmt::format("target {} has an empty branch label", quoted(text)));
        if (rest.empty())
            throw Error(
                Code::invalid_target,
                fmt::format("target {} names nothing on the branch", quoted(text)), {},
                fmt::format("For its newest revision, write {}@head.", shorten(*target.label)));
    }
    const auto junk = [&] {
        return Error(Code::invalid_target,
                     fmt::format("trailing junk after relative target {}", quoted(text)), {},
                     "A relative target ends in a sign and a number, as in +2 or ae10-1.");
    };
    if (target.label && trailing_step(*target.label) != std::string_view::npos &&
        !graph.find(*target.label))
        throw junk();
    target.symbol = rest;
    // A label may contain signs: then the name wins.
    if (graph.find(rest)) return target;
    const std::size_t step = trailing_step(rest);
    if (step != std::string_view::npos) {
        const std::string_view symbol = rest.substr(0, step);
        if (std::none_of(symbol.begin(), symbol.end(), is_sign) || graph.find(symbol)) {
            target.symbol = symbol;
            target.relative_text = rest.substr(step);
            const std::int64_t n = saturated(rest.substr(step + 1));
            target.relative = rest[step] == '-' ? -n : n;
            return target;
        }
    }
    for (std::size_t i = 0; i + 1 < rest.size(); ++i)
        if (is_sign(rest[i]) && is_digit(rest[i + 1])) throw junk();
    return target;
}

std::optional<Range> parse_range(std::string_view text) {
    const std::size_t at = text.find(':');
    if (at == std::string_view::npos) return std::nullopt;
    if (text.find(':', at + 1) != std::string_view::npos)
        throw Error(Code::invalid_target,
                    fmt::format("range {} has more than two ends", quoted(text)), {},
                    "A range is written as from:to.");
    return Range{text.substr(0, at), text.substr(at + 1)};
}

}  // namespace migrate::core
