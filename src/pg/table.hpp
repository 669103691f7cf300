// The extension's own tables, read and written below SQL: no trigger, rule or policy of somebody
// else runs, and no privilege of the caller is asked. Who may call is decided by the grants of the
// SQL functions.
#pragma once

#include "pg/datum.hpp"

extern "C" {
#include "utils/relcache.h"
#include "utils/snapshot.h"
}

namespace migrate::pg {

enum class Access { read, write };

// What a reader sees: the statement's own snapshot, or everything committed by now (for whoever
// has just got a lock that others held).
enum class View { statement, latest };

// A key column (attribute number, from 1) and the value that it must have.
struct Key {
    int column;
    Value value;
};

// An open table of the schema `migrate`. Closing is the transaction's business on an error, so the
// destructor does nothing then.
class Table {
 public:
    Table(const char *name, Access access);
    ~Table();
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;

    // Calls `row` for every row, in no order. `columns` (attribute numbers) limits what is decoded.
    void scan(View view, const std::vector<int> &columns,
              const std::function<void(Row &)> &row) const;

    // The rows whose leading primary-key columns equal `keys`, in key order.
    std::vector<Row> find(View view, const std::vector<Key> &keys) const;

    // The largest value of the first primary-key column (bigint); 0 when the table is empty.
    std::int64_t largest_key(View view) const;

    void insert(const Row &row);
    // Changes columns of the row with this whole primary key; false when there is none.
    bool update(const std::vector<Key> &key, const std::vector<Key> &changes);
    // Rows whose leading primary-key columns equal `keys`; how many there were.
    std::size_t remove(const std::vector<Key> &keys);

 private:
    Relation relation_;
    int lock_;
    int exceptions_;  // in flight when it was opened
};

// The role that owns them, and so can write what it likes into them.
std::string owner_of_tables();
bool has_tables();  // false after DROP EXTENSION

}  // namespace migrate::pg
