#include "schema/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace migrate::schema {

namespace {

constexpr std::size_t kNameBytes = 63;  // NAMEDATALEN - 1

bool is_plain(std::string_view name) {
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Widest first.
int width(std::string_view type) {
    static constexpr std::array<std::string_view, 6> kOrder = {
        "smallint", "integer", "bigint", "numeric", "real", "double precision"};
    auto const found = std::find(kOrder.begin(), kOrder.end(), type);
    return found == kOrder.end() ? -1 : static_cast<int>(found - kOrder.begin());
}

// What is in the parentheses: nothing, or up to two numbers.
struct Modifier {
    bool given = false;
    long first = 0;
    long second = 0;
};

Modifier modifier(std::string_view type) {
    std::size_t const open = type.find('(');
    if (open == std::string_view::npos) return {};
    Modifier result{true, 0, 0};
    std::size_t at = open + 1;
    long *number = &result.first;
    for (; at < type.size() && type[at] != ')'; at++) {
        if (type[at] == ',')
            number = &result.second;
        else if (std::isdigit(static_cast<unsigned char>(type[at])))
            *number = *number * 10 + (type[at] - '0');
    }
    return result;
}

}  // namespace

std::string literal(std::string_view text) {
    std::string result;
    bool const escape = text.find('\\') != std::string_view::npos;
    if (escape) result += " E";
    result += '\'';
    for (char const c : text) {
        if (c == '\'' || c == '\\') result += c;
        result += c;
    }
    return result + "'";
}

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < ' ')
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out + '"';
}

std::string identifier(std::string_view name) {
    if (is_plain(name)) return std::string(name);
    std::string result = "\"";
    for (char const c : name) {
        if (c == '"') result += c;
        result += c;
    }
    return result + "\"";
}

std::string unquoted(std::string_view name) {
    if (name.empty() || name.front() != '"') return std::string(name);
    std::string result;
    for (std::size_t i = 1; i + 1 < name.size(); i++) {
        if (name[i] == '"') i++;
        result += name[i];
    }
    return result;
}

std::size_t end_of_identifier(std::string_view text) {
    if (!text.starts_with('"')) return std::min(text.find_first_of(" .=("), text.size());
    std::size_t at = 1;
    while (at < text.size() && (text[at] != '"' || text.substr(at + 1).starts_with('"')))
        at += text[at] == '"' ? 2 : 1;
    return std::min(at + 1, text.size());
}

std::size_t last_part(std::string_view qualified) {
    std::size_t start = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < qualified.size(); i++) {
        if (qualified[i] == '"') quoted = !quoted;
        if (!quoted && qualified[i] == '.') start = i + 1;
        if (!quoted && qualified[i] == '(') break;
    }
    return start;
}

std::string suffixed(std::string_view identifier_, std::string_view suffix) {
    std::string name = unquoted(identifier_);
    std::size_t room = kNameBytes - suffix.size();
    if (name.size() > room) {
        // Not within a character.
        while (room > 0 && (static_cast<unsigned char>(name[room]) & 0xC0) == 0x80) room--;
        name.resize(room);
    }
    return identifier(name + std::string(suffix));
}

namespace {

// The bracket that closes the one before `at`; npos where there is none. Strings are skipped.
std::size_t closing(std::string_view sql, std::size_t at) {
    int depth = 1;
    for (; at < sql.size(); at++) {
        char const c = sql[at];
        if (c == '\'' || c == '"') {
            at = sql.find(c, at + 1);
            if (at == std::string_view::npos) return at;
        } else if (c == '[') {
            depth++;
        } else if (c == ']' && --depth == 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

// The type that the last element of a list is cast to; empty: it is not, or not as a whole.
std::string_view element_type(std::string_view elements) {
    std::size_t const cast = elements.rfind("'::");
    if (cast == std::string_view::npos) return {};
    std::string_view const type = elements.substr(cast + 3);
    return type.find_first_of(",()[]'") == std::string_view::npos ? type : std::string_view();
}

}  // namespace

std::string stable(std::string sql) {
    static constexpr std::string_view kArray = "(ARRAY[";
    for (std::size_t at = sql.find(kArray); at != std::string::npos; at = sql.find(kArray, at)) {
        at += kArray.size();
        std::size_t const end = closing(sql, at);
        if (end == std::string::npos) break;
        if (sql.compare(end + 1, 3, ")::") != 0) continue;
        std::string_view const type = element_type(std::string_view(sql).substr(at, end - at));
        if (type.empty()) continue;
        sql.insert(end + 1, "::" + std::string(type) + "[]");
    }
    return sql;
}

std::string base_type(std::string_view type) {
    std::size_t const open = type.find('(');
    if (open == std::string_view::npos || type.front() == '"') return std::string(type);
    // "timestamp(3) with time zone" has more behind the modifier.
    std::size_t const close = type.find(')', open);
    return std::string(type.substr(0, open)) + std::string(type.substr(close + 1));
}

bool is_builtin(std::string_view type) {
    bool quoted = false;
    for (char const c : type) {
        if (c == '"') quoted = !quoted;
        if (!quoted && c == '.') return false;
    }
    return true;
}

bool keeps_values(std::string_view from, std::string_view to) {
    std::string const base_from = base_type(from);
    std::string const base_to = base_type(to);
    Modifier const a = modifier(from);
    Modifier const b = modifier(to);
    bool const strings = (base_from == "character varying" || base_from == "text") &&
                         (base_to == "character varying" || base_to == "text");
    if (strings)
        return base_to == "text" || !b.given ||
               (base_from == "character varying" && a.given && b.first >= a.first);
    if (base_from == "numeric" && base_to == "numeric")
        return !b.given || (a.given && b.second == a.second && b.first >= a.first);
    if (base_from == base_to &&
        (base_from == "bit varying" || base_from.starts_with("time") || base_from == "interval"))
        return !b.given || (a.given && b.first >= a.first);
    return base_from == base_to && a.given == b.given && a.first == b.first && a.second == b.second;
}

bool widens(std::string_view from, std::string_view to) {
    if (keeps_values(from, to)) return true;
    std::string const base_from = base_type(from);
    std::string const base_to = base_type(to);
    if (base_to == "text" && !modifier(to).given) return true;
    int const a = width(base_from);
    int const b = width(base_to);
    return a >= 0 && b >= a && !modifier(to).given && !(base_to == "real" && a > 0);
}

namespace {

// Digits behind the point; of a type without a limit, a lot.
int scale(std::string_view type) {
    std::size_t const open = type.find('(');
    if (open == std::string_view::npos) return 1 << 20;
    std::size_t const comma = type.find(',', open);
    int digits = 0;
    if (comma != std::string_view::npos)
        std::from_chars(type.data() + comma + 1, type.data() + type.size(), digits);
    return digits;
}

}  // namespace

bool rounds(std::string_view from, std::string_view to) {
    std::string const a = base_type(from);
    std::string const b = base_type(to);
    auto const floats = [](const std::string &type) {
        return type == "double precision" || type == "real";
    };
    if (a == "numeric" && b == "numeric") return scale(to) < scale(from);
    if (a == "numeric" || floats(a))
        return is_integer(b) || b == "money" || (floats(b) && a != b && a != "real") ||
               (b == "numeric" && to.find('(') != std::string_view::npos);
    if (is_integer(a)) return (b == "real" && a != "smallint") || (floats(b) && a == "bigint");
    auto const is_kind = [&](std::string_view kind) {
        return a.starts_with(kind) && b.starts_with(kind);
    };
    if (is_kind("time ") || is_kind("timestamp ") || is_kind("interval")) {
        Modifier const before = modifier(from);
        Modifier const after = modifier(to);
        if (after.given && (!before.given || after.first < before.first)) return true;
    }
    bool const moment = a.starts_with("timestamp");
    return (moment && (b == "date" || b.starts_with("time "))) || (a == "inet" && b == "cidr") ||
           (a == "json" && b == "jsonb");
}

bool is_array(std::string_view type) {
    return type.ends_with("[]");
}

std::string element_of(std::string_view array) {
    return std::string(array.substr(0, array.size() - 2));
}

bool is_integer(std::string_view type) {
    return type == "integer" || type == "bigint" || type == "smallint";
}

namespace {

// Between quotes, '' or dollars; as a literal with escapes.
std::string escaped(std::string_view text, bool doubled) {
    std::string out = "E'";
    for (std::size_t i = 0; i < text.size(); i++) {
        char const c = text[i];
        if (c == '\r')
            out += "\\r";
        else if (c == '\\')
            out += "\\\\";
        else if (c == '\'' && !doubled)
            out += "''";
        else
            out += c;
    }
    return out + "'";
}

// Of a literal that has escapes already.
std::string with_escapes(std::string_view literal) {
    std::string out;
    for (char const c : literal) out += c == '\r' ? std::string("\\r") : std::string(1, c);
    return out;
}

// Where a literal ends that begins with this quote; npos: it does not.
std::size_t end_of_quoted(std::string_view sql, std::size_t begin) {
    char const quote = sql[begin];
    for (std::size_t i = begin + 1; i < sql.size(); i++) {
        if (sql[i] != quote) continue;
        if (i + 1 < sql.size() && sql[i + 1] == quote)
            i++;
        else
            return i + 1;
    }
    return std::string_view::npos;
}

// "$tag$" at this place, or empty.
std::string_view dollar_tag(std::string_view sql, std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < sql.size() &&
           (sql[end] == '_' || std::isalnum(static_cast<unsigned char>(sql[end]))))
        end++;
    if (end == sql.size() || sql[end] != '$') return {};
    return sql.substr(begin, end + 1 - begin);
}

}  // namespace

std::string without_carriage_returns(std::string_view sql) {
    std::string out;
    for (std::size_t i = 0; i < sql.size();) {
        std::size_t end = i + 1;
        std::string_view const tag = sql[i] == '$' ? dollar_tag(sql, i) : std::string_view();
        if (sql[i] == '\'' || sql[i] == '"')
            end = end_of_quoted(sql, i);
        else if (!tag.empty())
            end = sql.find(tag, i + tag.size()) + tag.size();
        if (end == std::string_view::npos || end <= i) return std::string(sql);
        std::string_view const piece = sql.substr(i, end - i);
        bool const returns = piece.find('\r') != std::string_view::npos;
        if (returns && !tag.empty())
            out += escaped(piece.substr(tag.size(), piece.size() - 2 * tag.size()), false);
        else if (returns && sql[i] == '\'' && i > 0 && sql[i - 1] == 'E')
            out += with_escapes(piece);
        else if (returns && sql[i] == '\'')
            out += escaped(piece.substr(1, piece.size() - 2), true);
        else
            out += piece;
        i = end;
    }
    return out;
}

}  // namespace migrate::schema
