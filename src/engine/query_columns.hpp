// The shape of what a query of the catalogs gives, see CatalogQuery.
#pragma once

#include <algorithm>

#include "schema/snapshot.hpp"

namespace migrate::engine {

// A row of it.
using Values = std::vector<const char *>;

struct Columns {
    std::vector<std::string_view> names;
    std::vector<std::size_t> sorted;  // the attributes, in the order of their names
    int oid = -1, subid = -1, kind = -1, schema = -1, parent = -1, name = -1, identity = -1,
        suffix = -1, owner = -1, position = -1, needs = -1, catalog = -1;
    int tree = -1, plain = -1, keys = -1, target = -1, target_keys = -1, actions = -1, marks = -1,
        options = -1, classes = -1, collations = -1, count = -1, index = -1, piece = -1,
        partition = -1;
    bool untidy = false;  // has options or privileges

    explicit Columns(const std::vector<std::string> &list) {
        for (std::size_t i = 0; i < list.size(); i++) {
            names.push_back(schema::Snapshot::pooled(list[i]));
            for (auto const &[word, place] : {std::pair{"oid", &oid},
                                              {"subid", &subid},
                                              {"kind", &kind},
                                              {"schema", &schema},
                                              {"parent", &parent},
                                              {"name", &name},
                                              {"identity", &identity},
                                              {"suffix", &suffix},
                                              {"owner", &owner},
                                              {"position", &position},
                                              {"needs", &needs},
                                              {"catalog", &catalog},
                                              {"%tree", &tree},
                                              {"%plain", &plain},
                                              {"%keys", &keys},
                                              {"%target", &target},
                                              {"%target_keys", &target_keys},
                                              {"%actions", &actions},
                                              {"%marks", &marks},
                                              {"%options", &options},
                                              {"%classes", &classes},
                                              {"%collations", &collations},
                                              {"%count", &count},
                                              {"%index", &index},
                                              {"%piece", &piece},
                                              {"%partition", &partition}})
                if (names.back() == word) {
                    *place = static_cast<int>(i);
                    names.back() = {};
                }
            if (!names.back().empty()) sorted.push_back(i);
            untidy = untidy || names.back() == "options" || names.back() == "acl" ||
                     names.back() == "sequence_acl";
        }
        std::sort(sorted.begin(), sorted.end(),
                  [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
    }
};

// Null: it is NULL, or the query has no such column.
inline const char *at(const Values &values, int column) {
    return column < 0 ? nullptr : values[static_cast<std::size_t>(column)];
}

inline void set_attributes(const Columns &columns, const Values &values, schema::Object &object) {
    if (!object.attributes.empty()) {
        for (std::size_t const i : columns.sorted)
            if (values[i] != nullptr) object.set(columns.names[i], values[i]);
        return;
    }
    std::size_t count = 2;  // for those that are not in the row
    for (std::size_t const i : columns.sorted) count += values[i] != nullptr;
    object.attributes.reserve(count);
    for (std::size_t const i : columns.sorted)
        if (values[i] != nullptr) object.attributes.push_back({columns.names[i], values[i]});
}

}  // namespace migrate::engine
