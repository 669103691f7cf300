// What has been renamed or moved: the catalogs know it for certain, for it is the same object.
#pragma once

#include "engine/snapshot.hpp"
#include "schema/statement.hpp"

namespace migrate::engine {

// Objects by the names that they have at one time.
struct NamesThen {
    std::map<Address, schema::Object> objects;
    std::map<std::string, std::pair<std::string, std::string>> enum_values;  // by OID: type, value
};
NamesThen read_names(const Reading &reading);

// The statements that give everything the name and the schema back that it had then, in an order
// in which they run; runs them, and counts in `failed` as run_all() does.
void give_names_back(const NamesThen &then, std::vector<schema::Statement> &statements,
                     std::size_t &failed);

}  // namespace migrate::engine
