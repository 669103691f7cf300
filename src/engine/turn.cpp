#include "engine/turn.hpp"

#include "pg/exemption.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

constexpr int kFirstPause = 5;  // milliseconds
constexpr int kLongestPause = 100;
constexpr std::int64_t kNoticeAfter = 2'000'000;  // microseconds

[[noreturn]] void give_up() {
    throw core::Error(core::Code::run_active, "another run is active and waits for this session",
                      "It cannot go on before the transaction of this session ends.",
                      "Try again outside of a transaction block.");
}

// Who changes revisions may wait for a run, so a run does not wait for them.
[[noreturn]] void refuse_author() {
    throw core::Error(core::Code::run_active, "another session is changing revisions",
                      "It may have to wait for the run in this transaction, so this transaction "
                      "does not wait for it.",
                      "Try again after this transaction.");
}

}  // namespace

void take_turn(pg::LockName name, bool exempt) {
    if (pg::try_lock(name)) return;
    bool const author = name == pg::LockName::author;
    if (author && pg::holds(pg::LockName::run)) refuse_author();
    pg::SnapshotExemption const exemption(exempt);
    std::int64_t const start = pg::now().microseconds;
    bool told = false;
    for (int pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
        pg::pause(pause);
        if (pg::try_lock(name)) return;
        if (pg::someone_waits_for_us(name) || pg::someone_waits_for_us(pg::LockName::run))
            give_up();
        if (told || pg::now().microseconds - start < kNoticeAfter) continue;
        pg::notice(author ? "another session is changing revisions; waiting for it to end"
                          : "another run is active; waiting for it to end");
        told = true;
    }
}

}  // namespace migrate::engine
