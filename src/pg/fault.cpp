#include "pg/fault.hpp"

#ifdef MIGRATE_FAULTS

#include "pg/guard.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdio>

extern "C" {
#include "access/xact.h"
#include "storage/latch.h"
#include "utils/wait_event.h"
}

namespace migrate::pg {

namespace {

// In the data directory: what to do ("ACTION POINT PASSAGE", written by the harness), that it has
// come to it, and, for the action trace, which points a process has passed.
constexpr const char *kOrder = "migrate.fault";
constexpr const char *kReached = "migrate.fault.reached";
constexpr const char *kTrace = "migrate.fault.trace";

struct Order {
    char action[16];
    char point[48];
    int passage;
};

Order order;
bool ordered = false;
int passages = 0;  // of that point, by this process

void append(const char *file, const char *text) {
    FILE *stream = fopen(file, "a");
    if (stream == nullptr) return;
    fprintf(stream, "%s\n", text);
    fclose(stream);
}

void pass(const char *name);

// Called from C: an error is a jump here, and no exception.
void note_commit(XactEvent event, void *) {
    if (event == XACT_EVENT_PRE_COMMIT) pass("before a commit");
    if (event == XACT_EVENT_COMMIT) pass("after a commit");
}

void read_order() {
    static bool read = false;
    if (read) return;
    read = true;
    RegisterXactCallback(note_commit, nullptr);
    FILE *stream = fopen(kOrder, "r");
    if (stream == nullptr) return;
    ordered = fscanf(stream, "%15s %d %47[^\n]", order.action, &order.passage, order.point) == 3;
    fclose(stream);
}

bool is_order(const char *action) {
    return strcmp(order.action, action) == 0;
}

// Until the harness has done what it wants to do here, or half a minute.
void wait() {
    append(kReached, order.point);
    for (int i = 0; i < 3000 && access(kReached, F_OK) == 0; i++) {
        CHECK_FOR_INTERRUPTS();
        WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10, PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
    }
    CHECK_FOR_INTERRUPTS();
}

// With the process, for each counts its own passages.
void trace(const char *name) {
    char line[80];
    snprintf(line, sizeof line, "%d %s", static_cast<int>(getpid()), name);
    append(kTrace, line);
}

// Plain data only, for it may raise.
void pass(const char *name) {
    read_order();
    if (!ordered) return;
    if (is_order("trace")) return trace(name);
    if (strcmp(order.point, name) != 0 || ++passages != order.passage) return;
    unlink(kOrder);  // once
    if (is_order("kill")) {
        append(kReached, name);
        kill(getpid(), SIGKILL);
    }
    if (is_order("wait")) wait();
    if (is_order("fail"))
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("a fault at \"%s\"", name)));
}

}  // namespace

void fault_point(const char *name) {
    call([&] { pass(name); });
}

}  // namespace migrate::pg

#endif
