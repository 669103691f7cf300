#include "pg/table.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

constexpr int kMaxColumns = 32;

struct Columns {
    Datum values[kMaxColumns] = {};
    bool nulls[kMaxColumns] = {};
};

// What migrate--1.0.sql makes: a letter for each column's type, and how many of them are the
// primary key (its text columns COLLATE "C", which the key comparisons rely on).
struct Layout {
    std::string_view name;
    std::string_view types;
    int key;
};
constexpr Layout kLayouts[] = {
    {"applied", "tzttly", 1},
    {"backfill_job", "ltltttlttibillvzz", 1},
    {"backfill_range", "liillllllilaallvb", 2},
    {"branch_label", "tit", 2},
    {"recording", "ttzlat", 1},
    {"revision", "tlttbyytziibbb", 1},
    {"revision_dependency", "tit", 2},
    {"revision_parent", "tit", 2},
    {"revision_script", "tt", 1},
    {"run", "lttttttttiaazztttttaa", 1},
    {"run_step", "littttizv", 2},
    {"schema_object", "lttyt", 1},
    {"state", "tlla", 1},
    {"unfinished", "ttiilya", 1},
};

constexpr Oid type_of(char letter) {
    switch (letter) {
        case 't':
            return TEXTOID;
        case 'l':
            return INT8OID;
        case 'i':
            return INT4OID;
        case 'b':
            return BOOLOID;
        case 'y':
            return BYTEAOID;
        case 'a':
            return TEXTARRAYOID;
        case 'z':
            return TIMESTAMPTZOID;
        case 'v':
            return INTERVALOID;
        default:
            return InvalidOid;
    }
}

bool columns_match(TupleDesc desc, const Layout &layout) {
    if (desc->natts != static_cast<int>(layout.types.size())) return false;
    for (int i = 0; i < desc->natts; i++) {
        Form_pg_attribute const column = TupleDescAttr(desc, i);
        if (column->attisdropped || column->atttypid != type_of(layout.types[i])) return false;
        if (i < layout.key && column->atttypid == TEXTOID &&
            column->attcollation != C_COLLATION_OID)
            return false;
    }
    return true;
}

// Whether writing below the executor keeps this index right, and the primary key is ours.
bool index_matches(HeapTuple tuple, const Layout &layout) {
    auto const *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    if (!heap_attisnull(tuple, Anum_pg_index_indexprs, nullptr) ||
        !heap_attisnull(tuple, Anum_pg_index_indpred, nullptr) || !index->indimmediate ||
        index->indisexclusion)
        return false;
    if (!index->indisprimary) return true;
    if (index->indnkeyatts != layout.key) return false;
    for (int i = 0; i < layout.key; i++)
        if (index->indkey.values[i] != i + 1) return false;
    return true;
}

// The tables belong to the extension's owner, who may alter them. What is read and written here
// passes the executor by, so anything that was altered is refused.
bool is_ours(Relation relation, const Layout &layout) {
    Form_pg_class const form = relation->rd_rel;
    if (form->relkind != RELKIND_RELATION || form->relam != HEAP_TABLE_AM_OID ||
        form->relpersistence != RELPERSISTENCE_PERMANENT ||
        !columns_match(RelationGetDescr(relation), layout))
        return false;
    bool primary = false;
    ListCell *cell;
    foreach (cell, RelationGetIndexList(relation)) {
        HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
        if (!HeapTupleIsValid(tuple)) continue;
        bool const matches = index_matches(tuple, layout);
        primary |= reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indisprimary;
        ReleaseSysCache(tuple);
        if (!matches) return false;
    }
    return primary;
}

void check_shape(Relation relation) {
    std::string_view const name = RelationGetRelationName(relation);
    for (const Layout &layout : kLayouts)
        if (layout.name == name && is_ours(relation, layout)) return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("table \"migrate.%s\" is not as the extension made it",
                           RelationGetRelationName(relation)),
                    errhint("Undo what was changed: columns, primary key, indexes on expressions "
                            "or with WHERE.")));
}

Snapshot take_snapshot(View view) {
    return RegisterSnapshot(view == View::statement && ActiveSnapshotSet() ? GetActiveSnapshot()
                                                                           : GetLatestSnapshot());
}

// The tables' text keys are COLLATE "C", as ScanKeyInit expects.
void fill_key(ScanKeyData *to, const Key &key, Relation relation) {
    Oid const type = TupleDescAttr(RelationGetDescr(relation), key.column - 1)->atttypid;
    RegProcedure const equal = type == TEXTOID ? F_TEXTEQ : type == INT8OID ? F_INT8EQ : F_INT4EQ;
    Datum const value = to_datum(key.value, type);
    call([&] {
        ScanKeyInit(to, static_cast<AttrNumber>(key.column), BTEqualStrategyNumber, equal, value);
    });
}

Row decode(Relation relation, const Columns &columns, const std::vector<int> *wanted) {
    TupleDesc const desc = RelationGetDescr(relation);
    Row row(desc->natts);
    auto one = [&](int i) {
        if (!columns.nulls[i])
            row[i] = from_datum(columns.values[i], TupleDescAttr(desc, i)->atttypid);
    };
    if (wanted != nullptr)
        for (int column : *wanted) one(column - 1);
    else
        for (int i = 0; i < desc->natts; i++) one(i);
    return row;
}

void encode(Relation relation, int column, const Value &value, Columns &columns) {
    columns.nulls[column] = is_null(value);
    columns.values[column] =
        is_null(value)
            ? Datum(0)
            : to_datum(value, TupleDescAttr(RelationGetDescr(relation), column)->atttypid);
}

// A scan by the primary key, in its order.
class KeyScan {
 public:
    KeyScan(Relation relation, View view, const std::vector<Key> &keys) : relation_(relation) {
        for (std::size_t i = 0; i < keys.size(); i++) fill_key(&keys_[i], keys[i], relation);
        int const count = static_cast<int>(keys.size());
        call([&] {
            index_ = index_open(compat::primary_key(relation_), AccessShareLock);
            snapshot_ = take_snapshot(view);
            scan_ = systable_beginscan_ordered(relation_, index_, snapshot_, count, keys_);
        });
    }

    HeapTuple next(ScanDirection direction, Columns &columns) {
        return call([&] {
            CHECK_FOR_INTERRUPTS();
            HeapTuple tuple = systable_getnext_ordered(scan_, direction);
            if (HeapTupleIsValid(tuple))
                heap_deform_tuple(tuple, RelationGetDescr(relation_), columns.values,
                                  columns.nulls);
            return tuple;
        });
    }

    void close() {
        call([&] {
            systable_endscan_ordered(scan_);
            UnregisterSnapshot(snapshot_);
            index_close(index_, AccessShareLock);
        });
    }

 private:
    Relation relation_;
    Relation index_ = nullptr;
    Snapshot snapshot_ = nullptr;
    SysScanDesc scan_ = nullptr;
    ScanKeyData keys_[4];
};

}  // namespace

Table::Table(const char *name, Access access)
    : relation_(nullptr),
      lock_(access == Access::write ? RowExclusiveLock : AccessShareLock),
      exceptions_(std::uncaught_exceptions()) {
    relation_ = call([&] {
        Oid const schema = get_namespace_oid("migrate", false);
        Oid const table = get_relname_relid(name, schema);
        if (!OidIsValid(table))
            ereport(ERROR,
                    (errcode(ERRCODE_UNDEFINED_TABLE),
                     errmsg("table \"migrate.%s\" does not exist", name),
                     errhint("The extension \"migrate\" is not installed in this database.")));
        Relation const opened = table_open(table, lock_);
        check_shape(opened);
        return opened;
    });
}

Table::~Table() {
    // On the way of an exception the transaction's clean-up closes it.
    if (std::uncaught_exceptions() == exceptions_)
        table_close(relation_, lock_ == RowExclusiveLock ? NoLock : lock_);
}

void Table::scan(View view, const std::vector<int> &columns,
                 const std::function<void(Row &)> &row) const {
    Snapshot snapshot = nullptr;
    SysScanDesc const scan = call([&] {
        snapshot = take_snapshot(view);
        return systable_beginscan(relation_, InvalidOid, false, snapshot, 0, nullptr);
    });
    Columns raw;
    while (call([&] {
        CHECK_FOR_INTERRUPTS();
        HeapTuple tuple = systable_getnext(scan);
        if (!HeapTupleIsValid(tuple)) return false;
        heap_deform_tuple(tuple, RelationGetDescr(relation_), raw.values, raw.nulls);
        return true;
    })) {
        Row decoded = decode(relation_, raw, &columns);
        row(decoded);
    }
    call([&] {
        systable_endscan(scan);
        UnregisterSnapshot(snapshot);
    });
}

std::vector<Row> Table::find(View view, const std::vector<Key> &keys) const {
    std::vector<Row> rows;
    KeyScan scan(relation_, view, keys);
    Columns raw;
    while (scan.next(ForwardScanDirection, raw) != nullptr)
        rows.push_back(decode(relation_, raw, nullptr));
    scan.close();
    return rows;
}

std::int64_t Table::largest_key(View view) const {
    KeyScan scan(relation_, view, {});
    Columns raw;
    bool const found = scan.next(BackwardScanDirection, raw) != nullptr;
    std::int64_t const key = found ? DatumGetInt64(raw.values[0]) : 0;
    scan.close();
    return key;
}

void Table::insert(const Row &row) {
    ShortMemory const memory;
    Columns raw;
    for (std::size_t i = 0; i < row.size(); i++)
        encode(relation_, static_cast<int>(i), row[i], raw);
    call([&] {
        // Storing a long value out of line wants a snapshot, which a worker may not have.
        Snapshot const snapshot = take_snapshot(View::latest);
        HeapTuple tuple = heap_form_tuple(RelationGetDescr(relation_), raw.values, raw.nulls);
        CatalogTupleInsert(relation_, tuple);
        heap_freetuple(tuple);
        UnregisterSnapshot(snapshot);
        CommandCounterIncrement();
    });
}

bool Table::update(const std::vector<Key> &key, const std::vector<Key> &changes) {
    ShortMemory const memory;
    Columns raw, fresh;
    bool replace[kMaxColumns] = {};
    for (const Key &change : changes) {
        replace[change.column - 1] = true;
        encode(relation_, change.column - 1, change.value, fresh);
    }
    KeyScan scan(relation_, View::latest, key);
    HeapTuple const tuple = scan.next(ForwardScanDirection, raw);
    if (tuple != nullptr)
        call([&] {
            HeapTuple next = heap_modify_tuple(tuple, RelationGetDescr(relation_), fresh.values,
                                               fresh.nulls, replace);
            CatalogTupleUpdate(relation_, &next->t_self, next);
            heap_freetuple(next);
        });
    scan.close();
    call([] { CommandCounterIncrement(); });
    return tuple != nullptr;
}

std::size_t Table::remove(const std::vector<Key> &keys) {
    std::size_t count = 0;
    KeyScan scan(relation_, View::latest, keys);
    Columns raw;
    while (HeapTuple const tuple = scan.next(ForwardScanDirection, raw)) {
        call([&] { CatalogTupleDelete(relation_, &tuple->t_self); });
        count++;
    }
    scan.close();
    if (count > 0) call([] { CommandCounterIncrement(); });
    return count;
}

bool has_tables() {
    return call([] {
        Oid const schema = get_namespace_oid("migrate", true);
        return OidIsValid(schema) && OidIsValid(get_relname_relid("run", schema));
    });
}

std::string owner_of_tables() {
    return call([] {
        Oid const table = get_relname_relid("revision", get_namespace_oid("migrate", false));
        HeapTuple const tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(table));
        if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for relation %u", table);
        Oid const owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;
        ReleaseSysCache(tuple);
        return GetUserNameFromId(owner, false);
    });
}

}  // namespace migrate::pg
