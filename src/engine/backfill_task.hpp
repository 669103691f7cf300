// What every process that works on a batched change has to know, and the statements it is made of.
#pragma once

#include "engine/backfill_store.hpp"
#include "pg/query.hpp"

namespace migrate::engine {

struct BackfillTask {
    std::int64_t job = 0;
    bool purge = false;
    Oid relation = 0;
    std::string name;         // of the relation, qualified and quoted
    std::string alias;        // its bare name: what expressions may call it
    std::string assignments;  // of the UPDATE; empty: purge
    std::string condition;    // never empty
    bool moves = false;       // rows may change their partition
    std::int64_t target = 0;  // microseconds that a batch should take
    std::int64_t region = 0;  // blocks
    int processes = 1;

    std::string pack() const;
    static BackfillTask unpack(const std::string &packed);
};

// A leaf that has its data in blocks or has a key.
struct Leaf {
    Oid id = 0;
    std::string name;
    std::int64_t filenode = 0;
    std::int64_t blocks = 0;
    double rows_per_block = 0;  // as estimated
    bool by_key = false;
};

// The columns of a key in order, ready to stand in statements.
struct LeafKey {
    std::vector<std::string> columns;
    std::vector<std::string> types;
};

struct Changed {
    std::int64_t rows = 0;
    std::int64_t again = 0;  // rows that would be found once more
    std::int64_t filenode = 0;
    std::string place;  // of one of the rows
};

// Changes the rows of a leaf for which `range` and the condition hold, in the current transaction.
Changed change_rows(const BackfillTask &task, const Leaf &leaf, const std::string &range);

// Parses and plans the statement, and asks for the privileges, without doing anything.
void check_statement(const BackfillTask &task, const Leaf &leaf);

// The rows in blocks [from, to), of one stripe or of all.
std::string in_blocks(const BackfillTask &task, std::int64_t from, std::int64_t to, int stripe);

// Locks up to so many rows that satisfy the condition, each in its newest version, and says where
// they are; and the rows there.
std::vector<std::string> lock_left(const BackfillTask &task, const Leaf &leaf, int rows);
std::string at_places(const BackfillTask &task, const std::vector<std::string> &places);

// The rows after `after` (empty: from the start) up to `to`.
std::string in_keys(const BackfillTask &task, const LeafKey &key,
                    const std::vector<std::string> &after, const std::vector<std::string> &to);

// The key of row number `rows` after `after`, but none after `last`.
std::vector<std::string> key_after(const BackfillTask &task, const Leaf &leaf, const LeafKey &key,
                                   const std::vector<std::string> &after,
                                   const std::vector<std::string> &last, std::int64_t rows);
std::vector<std::string> largest_key(const BackfillTask &task, const Leaf &leaf,
                                     const LeafKey &key);

// Whether a row that has just been changed is found again by another transaction.
bool is_found_again(const BackfillTask &task, const Leaf &leaf, const std::string &place);

// Whether any row of the relation satisfies the condition, in one snapshot, so none is overlooked
// that others move meanwhile.
bool any_left(const BackfillTask &task);

}  // namespace migrate::engine
