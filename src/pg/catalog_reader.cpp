#include "pg/catalog_reader.hpp"

#include <bit>
#include <unordered_map>

extern "C" {
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

namespace {

// A plan is as good as what the planner knew of the size of the catalogs, and within a transaction
// they may become a hundred times as large. The logarithm of it.
int catalog_size() {
    BlockNumber const blocks = call([] {
        BlockNumber sum = 0;
        for (Oid const catalog : {AttributeRelationId, DependRelationId}) {
            Relation const relation = table_open(catalog, AccessShareLock);
            sum += RelationGetNumberOfBlocks(relation);
            table_close(relation, AccessShareLock);
        }
        return sum;
    });
    return std::bit_width(blocks);
}

struct KeptPlans {
    int size = 0;
    std::unordered_map<std::string, SPIPlanPtr> plans;
};

KeptPlans &kept_plans() {
    static KeptPlans kept;
    return kept;
}

SPIPlanPtr plan_of(const std::string &sql) {
    auto &plans = kept_plans().plans;
    if (auto const found = plans.find(sql); found != plans.end()) return found->second;
    auto const place = plans.emplace(sql, nullptr).first;
    try {
        place->second = call([&] {
            MemoryContext const outer = CurrentMemoryContext;
            SPIPlanPtr const plan = SPI_prepare(sql.c_str(), 0, nullptr);
            if (plan == nullptr || SPI_keepplan(plan) != 0)
                elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
            MemoryContextSwitchTo(outer);
            return plan;
        });
    } catch (...) {
        plans.erase(place);
        throw;
    }
    return place->second;
}

// How the values of a column become text.
struct Output {
    Oid type;
    FmgrInfo function;
};

// In the current memory context, unless it is in the tuple.
const char *text_of(Datum value, Output &output) {
    switch (output.type) {
        case NAMEOID:
            return NameStr(*DatumGetName(value));
        case TEXTOID:
        case PG_NODE_TREEOID:
            return TextDatumGetCString(value);
        case INT2OID:
        case INT4OID: {
            auto *text = static_cast<char *>(palloc(12));
            pg_ltoa(output.type == INT2OID ? DatumGetInt16(value) : DatumGetInt32(value), text);
            return text;
        }
        case OIDOID: {
            auto *text = static_cast<char *>(palloc(12));
            text[pg_ultoa_n(DatumGetObjectId(value), text)] = '\0';
            return text;
        }
        default:
            return OutputFunctionCall(&output.function, value);
    }
}

class InMemory {
 public:
    explicit InMemory(MemoryContext memory) : outer_(MemoryContextSwitchTo(memory)) {}
    ~InMemory() { MemoryContextSwitchTo(outer_); }
    InMemory(const InMemory &) = delete;
    InMemory &operator=(const InMemory &) = delete;

 private:
    MemoryContext const outer_;
};

}  // namespace

CatalogReader::CatalogReader() {
    level_.set("search_path", "pg_catalog, pg_temp");
    // The questions are about as many rows as there are objects: it is not worth while to compile
    // for them, nor to start processes.
    level_.set("jit", "off");
    level_.set("max_parallel_workers_per_gather", "0");
    level_.set("work_mem", "64MB");
    int const size = catalog_size();
    KeptPlans &kept = kept_plans();
    if (kept.size != size) {
        for (auto const &[sql, plan] : kept.plans) SPI_freeplan(plan);
        kept.plans.clear();
        kept.size = size;
    }
}

void CatalogReader::read(const std::string &sql, const TakeColumns &columns,
                         const TakeValues &take) {
    // As in query(): after an error the connection goes with the (sub)transaction.
    call([] {
        MemoryContext const outer = CurrentMemoryContext;
        if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
        MemoryContextSwitchTo(outer);
    });
    SPIPlanPtr const plan = plan_of(sql);
    call([&] {
        MemoryContext const outer = CurrentMemoryContext;
        bool const needs_snapshot = !ActiveSnapshotSet();
        if (needs_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
        int const result = SPI_execute_plan(plan, nullptr, nullptr, false, 0);
        if (result != SPI_OK_SELECT)
            elog(ERROR, "SPI_execute_plan failed: %s", SPI_result_code_string(result));
        if (needs_snapshot) PopActiveSnapshot();
        MemoryContextSwitchTo(outer);
    });
    SPITupleTable *const table = SPI_tuptable;
    std::uint64_t const count = SPI_processed;
    int const width = table->tupdesc->natts;
    std::vector<std::string> names;
    for (int i = 0; i < width; i++)
        names.emplace_back(NameStr(TupleDescAttr(table->tupdesc, i)->attname));
    columns(names);
    std::vector<const char *> values(names.size());
    std::vector<Output> outputs(names.size());
    std::vector<Datum> data(names.size());
    // Of a vector<bool> nobody has a pointer.
    std::vector<char> nulls(names.size());
    static_assert(sizeof(char) == sizeof(bool));
    MemoryContext const memory = call([&] {
        for (int i = 0; i < width; i++) {
            Output &output = outputs[static_cast<std::size_t>(i)];
            output.type = TupleDescAttr(table->tupdesc, i)->atttypid;
            Oid function = InvalidOid;
            bool varlena = false;
            getTypeOutputInfo(output.type, &function, &varlena);
            fmgr_info(function, &output.function);
        }
        return AllocSetContextCreate(CurrentMemoryContext, "migrate row", ALLOCSET_DEFAULT_SIZES);
    });
    for (std::uint64_t row = 0; row < count; row++) {
        call([&] {
            MemoryContextReset(memory);
            MemoryContext const outer = MemoryContextSwitchTo(memory);
            bool *const null = reinterpret_cast<bool *>(nulls.data());
            heap_deform_tuple(table->vals[row], table->tupdesc, data.data(), null);
            for (std::size_t i = 0; i < values.size(); i++)
                values[i] = null[i] ? nullptr : text_of(data[i], outputs[i]);
            MemoryContextSwitchTo(outer);
        });
        InMemory const row_memory(memory);
        take(values);
    }
    MemoryContextDelete(memory);
    SPI_finish();
}

void CatalogReader::close() {
    level_.close();
}

void read_rows(const std::string &sql, const TakeColumns &columns, const TakeValues &take) {
    CatalogReader reader;
    reader.read(sql, columns, take);
    reader.close();
}

}  // namespace migrate::pg
