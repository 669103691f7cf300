#include "core/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include "core/graph.hpp"

namespace migrate::core {

namespace {

constexpr std::string_view kDirectives =
    "The directives are revision, revises, message, label, depends, up, verify, down and "
    "no-transaction, written as \"-- migrate:up\".";

constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool starts_with_word(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) {
               return w == (t >= 'A' && t <= 'Z' ? static_cast<char>(t + 32) : t);
           });
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    std::string part;
    for (char c : text) {
        if (c == ',' || is_space(c)) {
            if (!part.empty()) parts.push_back(std::move(part));
            part.clear();
        } else {
            part += c;
        }
    }
    if (!part.empty()) parts.push_back(std::move(part));
    return parts;
}

struct Directive {
    std::uint32_t begin;  // of the comment
    std::uint32_t next;   // the byte after its line
    std::string_view key;
    std::string_view value;
};

// The directive in a comment, if it is one; an error if it almost is.
std::optional<Directive> read_directive(std::string_view text, const LineComment &comment) {
    std::string_view body = text.substr(comment.begin + 2, comment.end - comment.begin - 2);
    body = trim(body);
    if (!starts_with_word(body, "migrate")) return std::nullopt;
    std::string_view rest = body.substr(7);
    std::string_view const after = trim(rest);
    if (after.empty() || after.front() != ':') return std::nullopt;
    if (body.substr(0, 8) != "migrate:" || body.size() == 8 || is_space(body[8]))
        throw ScriptError(comment.begin, "malformed directive", {},
                          "Write \"-- migrate:\" in lower case, with the keyword right after the "
                          "colon. " +
                              std::string(kDirectives));
    std::string_view const line = text.substr(line_start(text, comment.begin),
                                              comment.begin - line_start(text, comment.begin));
    if (!trim(line).empty())
        throw ScriptError(comment.begin, "a directive must stand on a line of its own");
    rest = body.substr(8);
    std::size_t const stop = std::find_if(rest.begin(), rest.end(), is_space) - rest.begin();
    std::uint32_t const next =
        static_cast<std::uint32_t>(std::min<std::size_t>(comment.end + 1, text.size()));
    return Directive{comment.begin, next, rest.substr(0, stop), trim(rest.substr(stop))};
}

class Reader {
 public:
    Reader(std::string_view text, const Tokens &tokens) : text_(text), tokens_(tokens) {}

    Script read() {
        for (const LineComment &comment : line_comments(text_, tokens_))
            if (auto directive = read_directive(text_, comment)) take(*directive);
        close(static_cast<std::uint32_t>(text_.size()));
        if (!script_.up.present)
            throw ScriptError(0, "script has no \"-- migrate:up\" section", {},
                              "Put \"-- migrate:up\" on a line of its own before the statements.");
        if (!tokens_.empty() && tokens_.front().begin < first_section_)
            throw ScriptError(tokens_.front().begin, "statement before the first section", {},
                              "Put it after \"-- migrate:up\".");
        return std::move(script_);
    }

 private:
    using Check = void(std::string_view name);

    void take(const Directive &d) {
        if (d.key == "up") return open(script_.up, d, true);
        if (d.key == "down") return open(script_.down, d, true);
        if (d.key == "verify") return open(script_.verify, d, false);
        if (d.key == "no-transaction") return mark(d);
        if (open_ != nullptr && is_header(d.key))
            throw ScriptError(d.begin,
                              fmt::format("directive \"{}\" after the first section", d.key), {},
                              "Put it at the head of the file.");
        header(d);
    }

    static bool is_header(std::string_view key) {
        return key == "revision" || key == "revises" || key == "message" || key == "label" ||
               key == "depends";
    }

    void header(const Directive &d) {
        Header &h = script_.header;
        if (!is_header(d.key))
            throw ScriptError(d.begin, fmt::format("unknown directive \"{}\"", d.key), {},
                              std::string(kDirectives));
        if (d.value.empty() && d.key != "message") no_value(d);
        if (d.key == "message") {
            h.message = h.message ? *h.message + "\n" + std::string(d.value) : std::string(d.value);
        } else if (d.key == "revision") {
            if (h.revision) duplicate(d);
            named(d, check_revision_id, d.value);
            h.revision = std::string(d.value);
        } else if (d.key == "revises") {
            std::vector<std::string> parents = split_list(d.value);
            if (parents.empty()) no_value(d);
            if (parents.size() == 1 && parents.front() == "base") parents.clear();
            if (!h.revises) h.revises.emplace();
            append(d, check_revision_id, parents, *h.revises);
        } else if (d.key == "label") {
            append(d, check_label, split_list(d.value), h.labels);
        } else {
            append(d, check_revision_id, split_list(d.value), h.depends_on);
        }
    }

    void append(const Directive &d, Check *check, const std::vector<std::string> &names,
                std::vector<std::string> &to) {
        for (const std::string &name : names) {
            named(d, check, name);
            to.push_back(name);
        }
    }

    void named(const Directive &d, Check *check, std::string_view name) {
        try {
            check(name);
        } catch (const Error &e) {
            throw ScriptError(d.begin, e.message(), e.detail(), e.hint());
        }
    }

    [[noreturn]] void no_value(const Directive &d) {
        throw ScriptError(d.begin, fmt::format("directive \"{}\" has no value", d.key));
    }

    [[noreturn]] void duplicate(const Directive &d) {
        throw ScriptError(d.begin, fmt::format("directive \"{}\" stands twice", d.key));
    }

    void open(Section &section, const Directive &d, bool options) {
        if (section.present) duplicate(d);
        auto const &marks = script_.no_transaction;
        if (!marks.empty() && marks.back() > d.begin) misplaced(last_mark_);
        if (&section != &script_.up && !script_.up.present)
            throw ScriptError(d.begin,
                              fmt::format("section \"{}\" before \"-- migrate:up\"", d.key));
        close(d.begin);
        if (open_ == nullptr) first_section_ = d.begin;
        section.present = true;
        section.begin = d.next;
        open_ = &section;
        if (d.value.empty() || (options && d.value == "transaction:true")) return;
        if (!options || d.value != "transaction:false")
            throw ScriptError(d.begin, fmt::format("unknown option \"{}\"", d.value), {},
                              options ? "The one option is transaction:false."
                                      : "A verify section has no options.");
        section.transaction = false;
    }

    void close(std::uint32_t end) {
        if (open_ != nullptr) open_->end = std::max(open_->begin, end);
    }

    // The mark belongs to the statement that begins after it.
    void mark(const Directive &d) {
        auto next = std::find_if(tokens_.begin(), tokens_.end(),
                                 [&](const Token &t) { return t.begin >= d.begin; });
        bool const inside = next != tokens_.begin() && !std::prev(next)->semicolon &&
                            open_ != nullptr && std::prev(next)->begin >= open_->begin;
        if (open_ == nullptr || next == tokens_.end() || inside || next->semicolon ||
            !d.value.empty() || open_ == &script_.verify)
            misplaced(d.begin);
        script_.no_transaction.push_back(next->begin);
        last_mark_ = d.begin;
    }

    [[noreturn]] static void misplaced(std::uint32_t offset) {
        throw ScriptError(offset, "misplaced directive \"no-transaction\"", {},
                          "It stands on a line of its own right before the one statement of the "
                          "upgrade or downgrade section that it is for.");
    }

    std::string_view text_;
    const Tokens &tokens_;
    Script script_;
    Section *open_ = nullptr;
    std::uint32_t first_section_ = 0;
    std::uint32_t last_mark_ = 0;
};

void write_list(std::string &out, std::string_view key, const std::vector<std::string> &names) {
    if (!names.empty()) out += fmt::format("-- migrate:{} {}\n", key, fmt::join(names, ", "));
}

void write_section(std::string &out, std::string_view key, std::string_view body) {
    out += fmt::format("-- migrate:{}\n{}", key, body);
    if (!body.empty() && body.back() != '\n') out += '\n';
}

}  // namespace

const char *to_string(SectionName name) {
    return name == SectionName::up       ? "upgrade"
           : name == SectionName::verify ? "verify"
                                         : "downgrade";
}

std::string normalise(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string out;
    out.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size(); i++)
        if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
    if (out.empty() || out.back() != '\n') out += '\n';
    return out;
}

Script read_script(std::string_view text, const Tokens &tokens) {
    return Reader(text, tokens).read();
}

std::string write_script(const Parts &parts) {
    std::string out = fmt::format("-- migrate:revision {}\n", parts.id);
    if (parts.parents.empty()) out += "-- migrate:revises base\n";
    write_list(out, "revises", parts.parents);
    for (std::size_t begin = 0; begin <= parts.message.size();) {
        std::size_t const end = std::min(parts.message.find('\n', begin), parts.message.size());
        out += fmt::format("-- migrate:message {}\n", parts.message.substr(begin, end - begin));
        begin = end + 1;
    }
    write_list(out, "label", parts.labels);
    write_list(out, "depends", parts.depends_on);
    constexpr std::string_view outside = " transaction:false";
    write_section(out, fmt::format("up{}", parts.up_transaction ? "" : outside), parts.up);
    if (parts.verify) write_section(out, "verify", *parts.verify);
    if (parts.down)
        write_section(out, fmt::format("down{}", parts.down_transaction ? "" : outside),
                      *parts.down);
    return out;
}

NamedBy read_file_name(std::string_view path) {
    if (std::size_t const slash = path.rfind('/'); slash != std::string_view::npos)
        path.remove_prefix(slash + 1);
    if (path.ends_with(".sql")) path.remove_suffix(4);
    std::size_t const digits =
        std::find_if(path.begin(), path.end(), [](char c) { return c < '0' || c > '9'; }) -
        path.begin();
    NamedBy name;
    std::string_view rest = path;
    if (digits > 0) {
        rest.remove_prefix(digits);
        while (!rest.empty() && (rest.front() == '_' || rest.front() == '-')) rest.remove_prefix(1);
    }
    name.revision = digits > 0 ? path.substr(0, digits) : path;
    name.message = rest.empty() ? path : rest;
    std::replace(name.message.begin(), name.message.end(), '_', ' ');
    return name;
}

}  // namespace migrate::core
