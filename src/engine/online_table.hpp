// What the safe forms of dangerous statements (docs/safe-forms.md) share: the table that one works
// on, as the catalogs show it now, and the kinds of steps that it is made of.
#pragma once

#include "engine/polite.hpp"
#include "pg/query.hpp"
#include "pg/utility.hpp"

namespace migrate::engine {

// In a handler: the SQLSTATE of a row that breaks a constraint (class 23).
bool is_violation();

using Oids = std::vector<Oid>;

struct Table {
    Oid oid;
    std::string schema, relname;  // bare
    std::string name;             // qualified and quoted
    char kind;                    // pg_class.relkind
    bool partition;
    bool owned;  // the caller's role may act as its owner

    bool partitioned() const { return kind == 'p'; }
    // Without the tables that inherit from it in the old way, which have rows of their own.
    std::string only() const { return partitioned() ? name : "ONLY " + name; }
};

// 42P01 when it has gone.
Table read_table(Oid oid);
// 42P01 when it has gone, 42809 when it is no table (or, where those will do, materialized view),
// 42501 for anybody but its owner.
Table find_table(Oid oid, bool materialized_view = false);

// The tables that inherit from it, partitions or not, parents before children.
std::vector<Table> descendants(const Table &table);
// The partitions that hold rows; of a plain table: itself.
std::vector<Table> leaves(const Table &table);

// The column as the catalogs write it: 42703 when there is none.
struct Column {
    int number;
    bool not_null;
};
Column find_column(const Table &table, const std::string &name);
// "a, b" quoted; none of them twice (42701), at least one (22023).
std::string column_list(const Table &table, const pg::Texts &columns);

// 42622 for one that PostgreSQL would cut.
void require_name(const std::string &name);
// Statements that need strong locks for a moment: all in one transaction, with the locks taken
// politely. `before` runs with the locks and says whether they are still wanted; `exclusively`:
// tables that they lock most strongly although nothing in them says so.
void alter(const char *phase, const std::vector<const pg::Utility *> &statements,
           const std::function<bool()> &before = {}, const Oids &exclusively = {});
void alter(const char *phase, const std::string &sql);

// A statement that reads much and blocks no reader or writer: waits for its locks without limit, in
// a transaction of its own.
void scan(const char *phase, const std::string &sql);

// One that commits on its way: CREATE INDEX CONCURRENTLY and the like.
void run_alone(const char *phase, const std::string &detail, const pg::Utility &statement);
void run_alone(const char *phase, const std::string &detail, const std::string &sql);

}  // namespace migrate::engine
