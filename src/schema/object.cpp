#include "schema/object.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace migrate::schema {

namespace {

const std::string kAbsent;

auto place(std::vector<Attribute> &attributes, std::string_view name) {
    return std::lower_bound(attributes.begin(), attributes.end(), name,
                            [](const Attribute &a, std::string_view n) { return a.name < n; });
}

const Attribute *find(const Object &object, std::string_view name) {
    for (const Attribute &attribute : object.attributes)
        if (attribute.name == name) return &attribute;
    return nullptr;
}

}  // namespace

const std::string &Object::get(std::string_view attribute) const {
    const Attribute *const found = find(*this, attribute);
    return found == nullptr ? kAbsent : found->value;
}

bool Object::has(std::string_view attribute) const {
    return find(*this, attribute) != nullptr;
}

void Object::set(std::string_view attribute, std::string value) {
    auto const at = place(attributes, attribute);
    if (at != attributes.end() && at->name == attribute)
        at->value = std::move(value);
    else
        attributes.insert(at, {attribute, std::move(value)});
}

void Object::remove(std::string_view attribute) {
    std::erase_if(attributes, [&](const Attribute &a) { return a.name == attribute; });
}

std::vector<std::string_view> Object::list(std::string_view attribute) const {
    std::vector<std::string_view> parts;
    const Attribute *const found = find(*this, attribute);
    if (found == nullptr) return parts;
    std::string_view rest = found->value;
    while (true) {
        std::size_t const end = rest.find(kSeparator);
        parts.push_back(rest.substr(0, end));
        if (end == std::string_view::npos) return parts;
        rest.remove_prefix(end + 1);
    }
}

bool same(const Object &a, const Object &b, std::string_view attribute) {
    const Attribute *const left = find(a, attribute);
    const Attribute *const right = find(b, attribute);
    if (left == nullptr || right == nullptr) return left == right;
    return left->value == right->value;
}

std::vector<std::string_view> differences(const Object &a, const Object &b) {
    std::vector<std::string_view> names;
    auto left = a.attributes.begin();
    auto right = b.attributes.begin();
    while (left != a.attributes.end() || right != b.attributes.end()) {
        if (right == b.attributes.end() ||
            (left != a.attributes.end() && left->name < right->name)) {
            names.push_back(left++->name);
        } else if (left == a.attributes.end() || right->name < left->name) {
            names.push_back(right++->name);
        } else {
            if (left->value != right->value) names.push_back(left->name);
            ++left;
            ++right;
        }
    }
    std::erase_if(names, [](std::string_view name) { return name.front() == '.'; });
    return names;
}

std::string label_of(const Object &object) {
    return fmt::format("{} {}", to_string(object.kind), object.identity);
}

}  // namespace migrate::schema
