#include "pg/at_commit.hpp"

extern "C" {
#include "access/xact.h"
}

namespace migrate::pg {

namespace {

std::vector<std::function<void(bool)>> actions;  // of the current transaction

void run(bool prepare) {
    enter([&] {
        // What an action asks for in turn comes after it.
        for (std::size_t i = 0; i < actions.size(); i++) actions[i](prepare);
    });
}

void at_end(XactEvent event, void *) {
    if (actions.empty()) return;
    switch (event) {
        case XACT_EVENT_PRE_COMMIT:
            return run(false);
        case XACT_EVENT_PRE_PREPARE:
            return run(true);
        case XACT_EVENT_COMMIT:
        case XACT_EVENT_ABORT:
        case XACT_EVENT_PREPARE:
            actions.clear();
            return;
        default:
            return;
    }
}

}  // namespace

void watch_transactions() {
    call([] { RegisterXactCallback(at_end, nullptr); });
}

void refuse_prepare() {
    call([] {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot PREPARE a transaction that has queued a run"),
                        errhint("COMMIT it, or SET migrate.in_transaction_block = error.")));
    });
    throw std::logic_error("unreachable");
}

void before_commit(std::function<void(bool)> action) {
    actions.push_back(std::move(action));
}

}  // namespace migrate::pg
