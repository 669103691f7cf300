// How names appear in messages.
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/graph.hpp"

namespace migrate::core {

// Cuts a very long text, between two characters.
std::string shorten(std::string_view text);

// "text" in double quotes, cut when very long.
std::string quoted(std::string_view text);

// `a, b, c`; a very long list ends in `and N more`.
std::string join_ids(const Graph &graph, NodeView nodes);
std::string join(const std::vector<std::string> &names);

// A SQL literal: 'it''s', or of an array: '{a,b}'.
std::string sql_literal(std::string_view text);
std::string sql_array(const std::vector<std::string> &items);

// MG003 for a target that means one head when there are several; `label` is the branch that it
// names, or empty.
Error multiple_heads(const Graph &graph, NodeView heads, std::string_view target,
                     std::string_view label = {});

}  // namespace migrate::core
