#include "pg/sample.hpp"

#include "pg/session.hpp"
#include "pg/settings.hpp"

#include <csignal>

extern "C" {
#include "executor/spi.h"
#include "storage/latch.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
}

namespace migrate::pg {

namespace {

volatile sig_atomic_t expired = false;

// In a signal handler: the query ends as if it had been cancelled.
void expire() {
    expired = true;
    QueryCancelPending = true;
    InterruptPending = true;
    SetLatch(MyLatch);
}

class Deadline {
 public:
    explicit Deadline(int milliseconds) {
        static TimeoutId const own = call([] { return RegisterTimeout(USER_TIMEOUT, expire); });
        id_ = own;
        expired = false;
        call([&] { enable_timeout_after(id_, milliseconds); });
    }
    ~Deadline() {
        disable_timeout(id_, false);
        // It came too late for the query, and is not meant for the next one.
        if (expired) QueryCancelPending = false;
    }
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

 private:
    TimeoutId id_;
};

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
    SubTransaction work;
    try {
        SettingsLevel settings;
        if (names == Names::ours) settings.set("search_path", "pg_catalog, pg_temp");
        Deadline const deadline(milliseconds);
        read(sql, most, few, result);
        settings.close();
        work.commit();
    } catch (const PgError &) {
        bool const ours = expired && current_error_text().sqlstate == "57014";
        work.roll_back();
        if (!ours) throw;
        result.complete = false;
    }
    return result;
}

}  // namespace migrate::pg
