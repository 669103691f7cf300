#include "schema/text.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace migrate::schema {

namespace {

constexpr std::string_view kEscaped("\\\t\n\r\0", 5);
constexpr std::string_view kLetters = "\\tnr0";
constexpr char kParentMark = '^';
constexpr char kAttributeMark = '+';
constexpr char kNeedMark = '<';

[[noreturn]] void refuse(const char *what) {
    throw std::invalid_argument(std::string("malformed text of a schema: ") + what);
}

void append(std::string &text, std::string_view field) {
    auto const is_escaped = [](char c) {
        return c == '\\' ||
               (static_cast<unsigned char>(c) < ' ' && kEscaped.find(c) != std::string_view::npos);
    };
    while (true) {
        auto const found = std::find_if(field.begin(), field.end(), is_escaped);
        auto const at = static_cast<std::size_t>(found - field.begin());
        text += field.substr(0, at);
        if (at == field.size()) return;
        text += '\\';
        text += kLetters[kEscaped.find(field[at])];
        field.remove_prefix(at + 1);
    }
}

std::string unescaped(std::string_view field) {
    std::string text;
    for (std::size_t at; (at = field.find('\\')) != std::string_view::npos;) {
        text += field.substr(0, at);
        std::size_t const letter =
            at + 1 < field.size() ? kLetters.find(field[at + 1]) : std::string_view::npos;
        if (letter == std::string_view::npos) refuse("an unknown escape");
        text += kEscaped[letter];
        field.remove_prefix(at + 2);
    }
    text += field;
    return text;
}

// The fields of a line, one after the other.
class Line {
 public:
    explicit Line(std::string_view line) : rest_(line) {}

    bool at_end() const { return over_; }
    std::string_view raw() {
        if (over_) refuse("a line ends too early");
        std::size_t const end = rest_.find('\t');
        std::string_view const field = rest_.substr(0, end);
        over_ = end == std::string_view::npos;
        if (!over_) rest_.remove_prefix(end + 1);
        return field;
    }
    std::string text() { return unescaped(raw()); }
    Kind kind() {
        std::optional<Kind> const found = find_kind(raw());
        if (!found) refuse("an unknown kind");
        return *found;
    }
    // A field that begins with a mark, which is taken off it.
    char marked(std::string_view &field) {
        field = raw();
        if (field.empty()) refuse("a mark is missing");
        char const mark = field.front();
        field.remove_prefix(1);
        return mark;
    }

 private:
    std::string_view rest_;
    bool over_ = false;
};

struct Name {
    Kind kind;
    std::string identity;
};

struct Links {
    std::optional<Name> parent;
    std::vector<Name> needs;
};

Name named(std::string_view kind, Line &line) {
    std::optional<Kind> const found = find_kind(kind);
    if (!found) refuse("an unknown kind");
    return {*found, line.text()};
}

Object parse(std::string_view text, Links &links) {
    Line line(text);
    Object object;
    object.kind = line.kind();
    object.identity = line.text();
    object.name = line.text();
    object.schema = line.text();
    std::string_view const position = line.raw();
    const char *const end = position.data() + position.size();
    if (auto const result = std::from_chars(position.data(), end, object.position);
        result.ec != std::errc() || result.ptr != end)
        refuse("a position is no number");
    while (!line.at_end()) {
        std::string_view field;
        switch (line.marked(field)) {
            case kParentMark:
                links.parent = named(field, line);
                break;
            case kAttributeMark:
                object.set(Snapshot::pooled(unescaped(field)), line.text());
                break;
            case kNeedMark:
                links.needs.push_back(named(field, line));
                break;
            default:
                refuse("an unknown mark");
        }
    }
    return object;
}

}  // namespace

void append_text(const Snapshot &snapshot, Ref ref, bool with_needs, std::string &text) {
    const Object &object = snapshot[ref];
    text += to_string(object.kind);
    for (const std::string *field : {&object.identity, &object.name, &object.schema}) {
        text += '\t';
        append(text, *field);
    }
    text += '\t' + std::to_string(object.position);
    auto const link = [&](char mark, const Object &other) {
        text += '\t';
        text += mark;
        text += to_string(other.kind);
        text += '\t';
        append(text, other.identity);
    };
    if (const Object *const parent = snapshot.parent(object)) link(kParentMark, *parent);
    for (const Attribute &attribute : object.attributes) {
        text += '\t';
        text += kAttributeMark;
        append(text, attribute.name);
        text += '\t';
        append(text, attribute.value);
    }
    if (!with_needs) return;
    // Not by their places, which differ from one snapshot to the next.
    std::vector<Ref> needs = object.needs;
    std::sort(needs.begin(), needs.end(), [&](Ref a, Ref b) {
        return std::tie(snapshot[a].kind, snapshot[a].identity) <
               std::tie(snapshot[b].kind, snapshot[b].identity);
    });
    for (Ref const need : needs) link(kNeedMark, snapshot[need]);
}

std::string_view without_needs(std::string_view line) {
    Line rest(line);
    for (int i = 0; i < 5; i++) rest.raw();  // kind, identity, name, schema, position
    while (!rest.at_end()) {
        std::string_view field;
        if (rest.marked(field) == kNeedMark)
            return line.substr(0, static_cast<std::size_t>(field.data() - 2 - line.data()));
        rest.raw();
    }
    return line;
}

std::string to_text(const Snapshot &snapshot, Ref ref) {
    std::string text;
    append_text(snapshot, ref, true, text);
    return text;
}

std::string to_text(const Snapshot &snapshot) {
    std::string text;
    for (Ref ref = 0; ref < snapshot.size(); ref++) {
        append_text(snapshot, ref, true, text);
        text += '\n';
    }
    return text;
}

Snapshot snapshot_of_text(std::string_view text) {
    Snapshot snapshot;
    std::vector<Links> links;
    while (!text.empty()) {
        std::size_t const end = text.find('\n');
        if (end == std::string_view::npos) refuse("the last line has no end");
        Object object = parse(text.substr(0, end), links.emplace_back());
        if (snapshot.find(object.kind, object.identity) != kNone)
            refuse("an object is there twice");
        snapshot.add(std::move(object));
        text.remove_prefix(end + 1);
    }
    bool orphans = false;
    for (Ref ref = 0; ref < snapshot.size(); ref++) {
        Object &object = snapshot[ref];
        for (const Name &need : links[ref].needs)
            if (Ref const other = snapshot.find(need.kind, need.identity); other != kNone)
                object.needs.push_back(other);
        std::sort(object.needs.begin(), object.needs.end());
        if (!links[ref].parent) continue;
        object.parent = snapshot.find(links[ref].parent->kind, links[ref].parent->identity);
        orphans |= object.parent == kNone;
    }
    if (!orphans) return snapshot;
    return std::move(snapshot).without([&](Ref ref, const Object &object) {
        return object.parent == kNone && links[ref].parent.has_value();
    });
}

}  // namespace migrate::schema
