#include "pg/sample.hpp"

#include "pg/deadline.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

extern "C" {
#include "executor/spi.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

namespace {

Portal open(const std::string &sql) {
    return call([&] {
        MemoryContext const outer = CurrentMemoryContext;
        if (SPI_connect() != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
        PushActiveSnapshot(GetTransactionSnapshot());
        SPIParseOpenOptions const options = {nullptr, CURSOR_OPT_NO_SCROLL, true};
        Portal const cursor = SPI_cursor_parse_open(nullptr, sql.c_str(), &options);
        MemoryContextSwitchTo(outer);
        return cursor;
    });
}

// False: that was the last one.
bool fetch(Portal cursor) {
    return call([&] {
        MemoryContext const outer = CurrentMemoryContext;
        SPI_cursor_fetch(cursor, true, 1);
        MemoryContextSwitchTo(outer);
        return SPI_processed > 0;
    });
}

TextRow first_row() {
    SPITupleTable *const table = SPI_tuptable;
    TextRow row(static_cast<std::size_t>(table->tupdesc->natts));
    for (std::size_t i = 0; i < row.size(); i++) {
        const char *const value = call(
            [&] { return SPI_getvalue(table->vals[0], table->tupdesc, static_cast<int>(i + 1)); });
        if (value != nullptr) row[i] = value;
    }
    return row;
}

void read(const std::string &sql, int most, std::size_t few, Sample &result) {
    Portal const cursor = open(sql);
    while (fetch(cursor)) {
        if (result.rows.size() < few) result.rows.push_back(first_row());
        SPI_freetuptable(SPI_tuptable);
        if (++result.count == most) {
            result.complete = false;
            break;
        }
    }
    call([&] {
        MemoryContext const outer = CurrentMemoryContext;
        SPI_cursor_close(cursor);
        PopActiveSnapshot();
        SPI_finish();
        MemoryContextSwitchTo(outer);
    });
}

}  // namespace

Sample sample(const std::string &sql, Names names, int most, std::size_t few, int milliseconds) {
    Sample result;
    bool late = false;
    SubTransaction work;
    try {
        SettingsLevel settings;
        if (names == Names::ours) settings.set("search_path", "pg_catalog, pg_temp");
        {
            Deadline const deadline(milliseconds);
            try {
                read(sql, most, few, result);
            } catch (...) {
                late = deadline.has_passed();
                throw;
            }
        }
        settings.close();
        work.commit();
    } catch (const PgError &) {
        bool const ours = late && current_error_text().sqlstate == "57014";
        work.roll_back();
        if (!ours) throw;
        result.complete = false;
    } catch (...) {
        work.roll_back();
        throw;
    }
    return result;
}

}  // namespace migrate::pg
