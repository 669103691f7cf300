#include "pg/query.hpp"

#include "pg/settings.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

namespace {

// A search_path for the time of a question. After an error the abort takes it back.
class OwnNames {
 public:
    explicit OwnNames(Names names) {
        if (names == Names::ours) level_.emplace().set("search_path", "pg_catalog, pg_temp");
    }
    void close() {
        if (level_) level_->close();
    }

 private:
    std::optional<SettingsLevel> level_;
};

void run(const std::string &sql, const TextRow &arguments) {
    std::size_t const count = arguments.size();
    std::vector<Oid> types(count, TEXTOID);
    std::vector<Datum> values(count);
    std::string nulls(count, ' ');
    for (std::size_t i = 0; i < count; i++) {
        if (arguments[i])
            values[i] = to_datum(*arguments[i], TEXTOID);
        else
            nulls[i] = 'n';
    }
    call([&] {
        MemoryContext const outer = CurrentMemoryContext;
        // A worker has no portal whose snapshot SPI could use.
        bool const needs_snapshot = !ActiveSnapshotSet();
        if (needs_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
        int const result = SPI_execute_with_args(sql.c_str(), static_cast<int>(count), types.data(),
                                                 values.data(), nulls.c_str(), false, 0);
        if (result < 0)
            elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
        if (needs_snapshot) PopActiveSnapshot();
        MemoryContextSwitchTo(outer);
    });
}

// A connection to SPI. After an error it stays, and so do those of the functions that were running
// below it: they end with the subtransaction, the transaction, or pg::roll_back_and_begin(). SPI's
// own memory does not stay the current one, for an error is copied into that and must outlive it.
class Connection {
 public:
    Connection() {
        call([] {
            MemoryContext const outer = CurrentMemoryContext;
            if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
            MemoryContextSwitchTo(outer);
        });
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    void close() const { SPI_finish(); }
};

TextRow text_row(SPITupleTable *table, std::uint64_t number) {
    TextRow row(static_cast<std::size_t>(table->tupdesc->natts));
    for (std::size_t i = 0; i < row.size(); i++) {
        const char *const value = call([&] {
            return SPI_getvalue(table->vals[number], table->tupdesc, static_cast<int>(i + 1));
        });
        if (value != nullptr) row[i] = value;
    }
    return row;
}

}  // namespace

TextRows query(const std::string &sql, const TextRow &arguments, Names names) {
    OwnNames own(names);
    TextRows rows;
    {
        Connection const connection;
        run(sql, arguments);
        SPITupleTable *const table = SPI_tuptable;
        std::uint64_t const count = table == nullptr ? 0 : SPI_processed;
        for (std::uint64_t i = 0; i < count; i++) rows.push_back(text_row(table, i));
        connection.close();
    }
    own.close();
    return rows;
}

std::int64_t execute(const std::string &sql, Names names) {
    OwnNames own(names);
    std::int64_t processed = 0;
    {
        Connection const connection;
        run(sql, {});
        processed = static_cast<std::int64_t>(SPI_processed);
        connection.close();
    }
    own.close();
    return processed;
}

std::string quote_name(const std::string &name) {
    return call([&] { return quote_identifier(name.c_str()); });
}

std::string quote_literal(const std::string &text) {
    return call([&] { return static_cast<const char *>(quote_literal_cstr(text.c_str())); });
}

std::string bare_name(Oid relation) {
    return call([&] {
        const char *const name = get_rel_name(relation);
        return name == nullptr ? "" : quote_identifier(name);
    });
}

std::string qualified_name(Oid relation) {
    return call([&] {
        const char *const name = get_rel_name(relation);
        if (name == nullptr) return "";
        const char *const schema = get_namespace_name(get_rel_namespace(relation));
        return static_cast<const char *>(quote_qualified_identifier(schema, name));
    });
}

}  // namespace migrate::pg
