#include "pg/deadline.hpp"

extern "C" {
#include "storage/latch.h"
#include "utils/timeout.h"
}

namespace migrate::pg {

namespace {

volatile sig_atomic_t passed = 0;

// In a signal handler.
void cancel() {
    if (QueryCancelPending) return;  // somebody else's comes first
    passed = 1;
    InterruptPending = true;
    QueryCancelPending = true;
    SetLatch(MyLatch);
}

TimeoutId timer() {
    static TimeoutId const id = call([] { return RegisterTimeout(USER_TIMEOUT, cancel); });
    return id;
}

}  // namespace

Deadline::Deadline(int milliseconds) : limited_(milliseconds > 0) {
    passed = 0;
    if (!limited_) return;
    TimeoutId const id = timer();
    call([&] { enable_timeout_after(id, milliseconds); });
}

Deadline::~Deadline() {
    if (!limited_) return;
    disable_timeout(timer(), false);
    // It came too late for the statement, and the next one must not be hit.
    if (passed != 0) QueryCancelPending = false;
}

bool Deadline::has_passed() const {
    return limited_ && passed != 0;
}

}  // namespace migrate::pg
