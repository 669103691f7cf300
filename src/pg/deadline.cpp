#include "pg/deadline.hpp"

extern "C" {
#include "storage/latch.h"
#include "utils/timeout.h"
}

namespace migrate::pg {

namespace {

// PostgreSQL has one flag for all cancels. These tell whose it is.
volatile sig_atomic_t passed = 0;
volatile sig_atomic_t others = 0;  // a user's, or statement_timeout's

struct sigaction before;

// In a signal handler.
void cancel() {
    if (QueryCancelPending || others != 0) return;  // somebody else's comes first
    passed = 1;
    InterruptPending = true;
    QueryCancelPending = true;
    SetLatch(MyLatch);
}

// Every other cancel arrives as SIGINT. One by lock_timeout gets an SQLSTATE of its own.
void notice_cancel(int signal) {
    if (!get_timeout_indicator(LOCK_TIMEOUT, false)) others = 1;
    before.sa_handler(signal);
}

TimeoutId timer() {
    static TimeoutId const id = call([] { return RegisterTimeout(USER_TIMEOUT, cancel); });
    return id;
}

}  // namespace

Deadline::Deadline(int milliseconds) : limited_(milliseconds > 0) {
    if (!limited_) return;
    TimeoutId const id = timer();
    passed = 0;
    others = 0;
    sigaction(SIGINT, nullptr, &before);
    if (before.sa_handler != SIG_IGN && before.sa_handler != SIG_DFL) {
        struct sigaction mine = before;
        mine.sa_handler = notice_cancel;
        sigaction(SIGINT, &mine, nullptr);
    }
    call([&] { enable_timeout_after(id, milliseconds); });
}

Deadline::~Deadline() {
    if (!limited_) return;
    disable_timeout(timer(), false);
    // It came too late for the statement, and the next one must not be hit.
    if (passed != 0 && others == 0) {
        QueryCancelPending = false;
        if (others != 0) QueryCancelPending = true;  // in this instant
    }
    sigaction(SIGINT, &before, nullptr);
}

// Where another cancel came too, either the error is the answer to both, or that one still waits
// for the next CHECK_FOR_INTERRUPTS().
bool Deadline::has_passed() const {
    return limited_ && passed != 0 && (others == 0 || QueryCancelPending);
}

}  // namespace migrate::pg
