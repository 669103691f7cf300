// What is different between two snapshots, in words.
#pragma once

#include "schema/snapshot.hpp"
#include "schema/statement.hpp"

namespace migrate::schema {

struct Difference {
    Kind kind{};
    std::string identity;
    Change change{};
    // "added table public.x", "changed column public.t.a: type integer -> bigint"
    std::string text;
};

// By kind and identity. What came or went with what it is a part of is not said again.
std::vector<Difference> compare(const Snapshot &from, const Snapshot &to);

// The texts, a line each; after the first `most`, how many more there are.
std::string to_lines(const std::vector<Difference> &differences, std::size_t most);

}  // namespace migrate::schema
