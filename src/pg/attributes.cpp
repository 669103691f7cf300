#include "pg/attributes.hpp"

#include <array>
#include <cstring>

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

bool has_value(HeapTuple tuple, int number, TupleDesc shape) {
    return !heap_attisnull(tuple, number, shape);
}

// The server may keep options of its own among a column's (pg_attver of 15.20).
bool has_options(HeapTuple tuple, TupleDesc shape) {
    bool null = false;
    Datum const value = heap_getattr(tuple, Anum_pg_attribute_attoptions, shape, &null);
    if (null) return false;
    Datum *options = nullptr;
    int count = 0;
    deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, &options,
                      nullptr, &count);
    for (int i = 0; i < count; i++)
        if (std::strncmp(TextDatumGetCString(options[i]), "pg_", 3) != 0) return true;
    return false;
}

AttributeRow row_of(HeapTuple tuple, TupleDesc shape) {
    auto const *const form = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
    AttributeRow row{};
    row.relation = form->attrelid;
    row.number = form->attnum;
    row.name = quote_identifier(NameStr(form->attname));
    row.type = form->atttypid;
    row.modifier = form->atttypmod;
    row.collation = form->attcollation;
    row.statistics = compat::attribute_statistics(tuple, shape);
    row.storage = form->attstorage;
    row.compression = form->attcompression;
    row.identity = form->attidentity;
    row.generated = form->attgenerated;
    row.not_null = form->attnotnull;
    row.inherited = form->attinhcount > 0 && !form->attislocal;
    row.has_options = has_options(tuple, shape);
    row.has_acl = has_value(tuple, Anum_pg_attribute_attacl, shape);
    row.has_foreign_options = has_value(tuple, Anum_pg_attribute_attfdwoptions, shape);
    return row;
}

struct Scan {
    Relation catalog;
    Snapshot snapshot;
    SysScanDesc scan;
    MemoryContext memory;  // of the rows of a batch
};

using Batch = std::array<AttributeRow, 256>;

// How many there are now; fewer than fit: these were the last.
std::size_t read_batch(const Scan &scan, Batch &batch) {
    MemoryContextReset(scan.memory);
    MemoryContext const outer = MemoryContextSwitchTo(scan.memory);
    std::size_t count = 0;
    while (count < batch.size()) {
        HeapTuple const tuple = systable_getnext(scan.scan);
        if (!HeapTupleIsValid(tuple)) break;
        auto const *const form = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        if (form->attrelid < FirstNormalObjectId || form->attnum <= 0 || form->attisdropped)
            continue;
        // A row's name may be in the page that it came from.
        AttributeRow row = row_of(tuple, RelationGetDescr(scan.catalog));
        if (row.name == NameStr(form->attname)) row.name = pstrdup(row.name);
        batch[count++] = row;
    }
    MemoryContextSwitchTo(outer);
    return count;
}

}  // namespace

void read_attributes(const std::function<void(const AttributeRow &)> &take) {
    // After an error the abort of the (sub)transaction closes what is open.
    Scan const scan = call([] {
        Scan opened{};
        opened.catalog = table_open(AttributeRelationId, AccessShareLock);
        // The one that queries see it with, too.
        CommandCounterIncrement();
        opened.snapshot = RegisterSnapshot(GetTransactionSnapshot());
        opened.scan =
            systable_beginscan(opened.catalog, InvalidOid, false, opened.snapshot, 0, nullptr);
        opened.memory =
            AllocSetContextCreate(CurrentMemoryContext, "migrate columns", ALLOCSET_DEFAULT_SIZES);
        return opened;
    });
    Batch batch{};
    std::size_t count = batch.size();
    while (count == batch.size()) {
        count = call([&] { return read_batch(scan, batch); });
        for (std::size_t i = 0; i < count; i++) take(batch[i]);
    }
    call([&] {
        systable_endscan(scan.scan);
        UnregisterSnapshot(scan.snapshot);
        table_close(scan.catalog, AccessShareLock);
        MemoryContextDelete(scan.memory);
    });
}

TypeDefaults type_defaults(Oid type) {
    return call([&] {
        TypeDefaults defaults{InvalidOid, TYPSTORAGE_PLAIN};
        HeapTuple const tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
        if (!HeapTupleIsValid(tuple)) return defaults;
        auto const *const form = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
        defaults = {form->typcollation, form->typstorage};
        ReleaseSysCache(tuple);
        return defaults;
    });
}

std::string collation_name(Oid collation) {
    const char *const name = call([&]() -> const char * {
        HeapTuple const tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
        if (!HeapTupleIsValid(tuple)) return "";
        auto const *const form = reinterpret_cast<Form_pg_collation>(GETSTRUCT(tuple));
        const char *const schema = get_namespace_name(form->collnamespace);
        const char *const text =
            quote_qualified_identifier(schema == nullptr ? "" : schema, NameStr(form->collname));
        ReleaseSysCache(tuple);
        return text;
    });
    return name;
}

}  // namespace migrate::pg
