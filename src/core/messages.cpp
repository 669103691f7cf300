#include "core/messages.hpp"

#include <fmt/format.h>

namespace migrate::core {

namespace {

constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_list = 50;

bool plain_array_item(std::string_view item) {
    if (item.empty()) return false;
    for (unsigned char c : item) {
        const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                          (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '@' || c == '-' ||
                          c == '+' || c >= 0x80;
        if (!word) return false;
    }
    // An unquoted NULL would be the null value.
    return !(item.size() == 4 && (item[0] | 0x20) == 'n' && (item[1] | 0x20) == 'u' &&
             (item[2] | 0x20) == 'l' && (item[3] | 0x20) == 'l');
}

}  // namespace

std::string shorten(std::string_view text) {
    if (text.size() <= longest_text) return std::string(text);
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "...";
}

std::string quoted(std::string_view text) {
    return '"' + shorten(text) + '"';
}

std::string join(const std::vector<std::string> &names) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == longest_list && names.size() > longest_list + 1)
            return out + fmt::format(" and {} more", names.size() - i);
        if (i > 0) out += ", ";
        out += shorten(names[i]);
    }
    return out;
}

std::string join_ids(const Graph &graph, NodeView nodes) {
    std::string out;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (i == longest_list && nodes.size() > longest_list + 1)
            return out + fmt::format(" and {} more", nodes.size() - i);
        if (i > 0) out += ", ";
        out += shorten(graph.id(nodes[i]));
    }
    return out;
}

std::string sql_literal(std::string_view text) {
    std::string out = text.find('\\') == std::string_view::npos ? "'" : "E'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += c;
        out += c;
    }
    return out + '\'';
}

std::string sql_array(const std::vector<std::string> &items) {
    std::string out = "{";
    for (const std::string &item : items) {
        if (out.size() > 1) out += ',';
        if (plain_array_item(item)) {
            out += item;
            continue;
        }
        out += '"';
        for (char c : item) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        out += '"';
    }
    return sql_literal(out + '}');
}

Error multiple_heads(const Graph &graph, NodeView heads, std::string_view target,
                     std::string_view label) {
    const std::string merge =
        heads.size() > longest_list
            ? "SELECT migrate.merge('merge heads');"
            : fmt::format("SELECT migrate.merge('merge heads', {});", sql_array(graph.ids(heads)));
    const std::string choice =
        label.empty() ? "Name one revision, branch@head for one branch, or heads for all"
                      : fmt::format("Name one revision, or {}@heads for all", shorten(label));
    return Error(Code::multiple_heads,
                 fmt::format("multiple heads are present for target {}", quoted(target)),
                 fmt::format("The heads{} are {}.",
                             label.empty() ? "" : fmt::format(" of branch {}", quoted(label)),
                             join_ids(graph, heads)),
                 fmt::format("{}; or join them: {}", choice, merge));
}

}  // namespace migrate::core
