// What a downgrade does not bring back, as sentences without their ends.
#pragma once

#include "engine/renamed.hpp"
#include "pg/parser.hpp"

namespace migrate::engine {

// A comment of a downgrade, for the statement that makes this object ("kind identity"), or for all
// of it.
struct Remark {
    std::string object;
    std::string text;
};

// Tables and columns that were dropped, and others of their names made.
std::vector<Remark> find_replaced(const NamesThen &before, const Reading &after);

// What the forward statements lose.
std::vector<Remark> find_losses(const std::vector<schema::Statement> &forward);

// Columns and enums whose values have gone through something that has fewer of them.
std::vector<Remark> find_narrowings(const NamesThen &before, const Reading &after);

// Watches the statements of an upgrade for rows that they change.
class RowChanges {
 public:
    explicit RowChanges(const NamesThen &before);
    // Before statement `index` runs, for afterwards its tables may have gone; and after it.
    void meet(const pg::Section &upgrade, std::size_t index);
    std::vector<Remark> finish();  // after the last one

 private:
    using Counts = std::map<std::string, std::string>;  // by OID
    static Counts counts();
    const NamesThen &before_;
    Counts const counted_;
    std::set<std::string> told_;
    std::vector<Remark> remarks_;
};

}  // namespace migrate::engine
