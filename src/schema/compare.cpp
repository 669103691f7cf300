#include "schema/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace migrate::schema {

namespace {

constexpr std::size_t kLongest = 60;  // a value that is longer than this is not said

bool is_sayable(const std::string &value) {
    return value.size() <= kLongest && std::none_of(value.begin(), value.end(), [](char c) {
               return static_cast<unsigned char>(c) < ' ';
           });
}

std::string said(const Object &object, std::string_view attribute) {
    return object.has(attribute) ? object.get(attribute) : "none";
}

// "type integer -> bigint, default"
std::string changes(const Object &from, const Object &to) {
    std::string text;
    for (std::string_view const name : differences(from, to)) {
        text += text.empty() ? "" : ", ";
        text += name;
        if (is_sayable(from.get(name)) && is_sayable(to.get(name)))
            text += fmt::format(" {} -> {}", said(from, name), said(to, name));
    }
    return text;
}

// Those of `all` that the other has not, unless the other has not what they are a part of.
void add_missing(const Snapshot &all, const Snapshot &other, Change change, const char *verb,
                 std::vector<Difference> &list) {
    auto const missing = [&](const Object &object) {
        return other.find(object.kind, object.identity) == kNone;
    };
    for (const Object &object : all.objects()) {
        const Object *const parent = all.parent(object);
        if (!missing(object) || (parent != nullptr && missing(*parent))) continue;
        list.push_back({object.kind, object.identity, change,
                        fmt::format("{} {} {}", verb, to_string(object.kind), object.identity)});
    }
}

}  // namespace

std::vector<Difference> compare(const Snapshot &from, const Snapshot &to) {
    std::vector<Difference> list;
    add_missing(from, to, Change::drop, "removed", list);
    add_missing(to, from, Change::create, "added", list);
    for (const Object &object : from.objects()) {
        Ref const now = to.find(object.kind, object.identity);
        if (now == kNone) continue;
        std::string const text = changes(object, to[now]);
        if (text.empty()) continue;
        list.push_back(
            {object.kind, object.identity, Change::alter,
             fmt::format("changed {} {}: {}", to_string(object.kind), object.identity, text)});
    }
    std::sort(list.begin(), list.end(), [](const Difference &a, const Difference &b) {
        return std::tie(a.kind, a.identity) < std::tie(b.kind, b.identity);
    });
    return list;
}

std::string to_lines(const std::vector<Difference> &differences, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < differences.size(); i++) {
        if (i == most) return text + fmt::format("\nand {} more", differences.size() - most);
        text += (i == 0 ? "" : "\n") + differences[i].text;
    }
    return text;
}

}  // namespace migrate::schema
