#include "engine/turn.hpp"

#include "pg/exemption.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

constexpr int kFirstPause = 5;  // milliseconds
constexpr int kLongestPause = 100;
constexpr std::int64_t kNoticeAfter = 2'000'000;  // microseconds

const char *whom(pg::LockName name) {
    return name == pg::LockName::author ? "another session is changing revisions"
                                        : "another run is active";
}

[[noreturn]] void give_up(pg::LockName name) {
    throw core::Error(core::Code::run_active,
                      fmt::format("{} and waits for this session", whom(name)),
                      "It cannot go on before the transaction of this session ends.",
                      "Try again outside of a transaction block.");
}

// Two sessions that each have what the other one waits for would wait for ever.
[[noreturn]] void refuse_order(pg::LockName name) {
    throw core::Error(core::Code::run_active, whom(name),
                      "It may have to wait for what this transaction has done, so this "
                      "transaction does not wait for it.",
                      "Try again after this transaction.");
}

}  // namespace

void take_turn(pg::LockName name, bool exempt) {
    if (pg::try_lock(name)) return;
    if (pg::holds_later_lock(name)) refuse_order(name);
    pg::SnapshotExemption const exemption(exempt);
    std::int64_t const start = pg::now().microseconds;
    std::int64_t const timeout = pg::lock_timeout() * std::int64_t{1000};
    bool told = false;
    for (int pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
        pg::pause(pause);
        if (pg::try_lock(name)) return;
        if (pg::holders_wait_for_us()) give_up(name);
        std::int64_t const waited = pg::now().microseconds - start;
        if (timeout > 0 && waited > timeout) pg::fail_lock_timeout();
        if (told || waited < kNoticeAfter) continue;
        pg::notice(fmt::format("{}; waiting for it to end", whom(name)));
        told = true;
    }
}

}  // namespace migrate::engine
