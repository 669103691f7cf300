// The text of a target, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/graph.hpp"

namespace migrate::core {

// [label '@'] symbol [('+' | '-') digits]. The views point into the text.
struct Target {
    std::string_view text;
    std::optional<std::string_view> label;
    std::string_view symbol;               // empty: counted from the current state
    std::optional<std::int64_t> relative;  // saturated: no graph is that large
    std::string_view relative_text;        // as written, with its sign

    bool is_relative() const { return relative.has_value(); }
};

// Throws MG014 for an empty target, a range, an empty label and junk after a relative step.
Target parse_target(const Graph &graph, std::string_view text);

// The two ends of `from:to`; nothing when there is no colon. Throws MG014 for two colons.
struct Range {
    std::string_view from;
    std::string_view to;
};
std::optional<Range> parse_range(std::string_view text);

}  // namespace migrate::core
