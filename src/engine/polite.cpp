#include "engine/polite.hpp"

#include "core/messages.hpp"
#include "pg/datum.hpp"
#include "pg/exemption.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/table_locks.hpp"

namespace migrate::engine {

namespace {

constexpr int kFirstPause = 10;  // milliseconds, between two looks
constexpr int kLongestPause = 250;
constexpr int kFirstRest = 100;  // between two attempts
constexpr int kLongestRest = 10'000;
constexpr int kPoliteWhenUnlimited = 2'000;

// Half of it to all of it, so that two who failed together do not come back together.
int jittered(int milliseconds) {
    auto const noise = static_cast<std::uint64_t>(pg::now().microseconds) * 2654435761U >> 8;
    return milliseconds / 2 + static_cast<int>(noise % (milliseconds / 2 + 1));
}

int milliseconds_since(std::int64_t start) {
    return static_cast<int>((pg::now().microseconds - start) / 1000);
}

std::string lines(const std::vector<std::string> &texts) {
    return fmt::format("{}", fmt::join(texts, "\n"));
}

// Tells who is in the way while we wait, and at the end.
std::string blocked(const pg::RelationLock &lock) {
    std::vector<std::string> const holders = pg::lock_holders(lock);
    std::string text = fmt::format("For {}, in the way:", pg::describe(lock));
    if (holders.empty()) return text + " sessions that wait for it, or have just let go of it.";
    return text + "\n" + lines(holders);
}

[[noreturn]] void give_up(const pg::RelationLock &lock, std::string detail, int behind) {
    if (behind > 0) detail += fmt::format("\nSessions that queued behind this one: {}.", behind);
    pg::fail_lock(lock, detail,
                  "End the transactions that are in the way, or try again when there are fewer; "
                  "migrate.lock_timeout and migrate.lock_retries say how long to try.");
}

class Taking {
 public:
    Taking(const std::function<pg::RelationLocks()> &needed, bool exempt)
        : needed_(needed), exempt_(exempt), limit_(pg::step_lock_timeout()) {}

    void operator()() {
        if (!busy()) return;
        wait_aside();
        if (!busy_) return done();
        wait_in_queue();
        done();
    }

 private:
    // Which lock was not to be had. The relations may have changed while the locks were taken.
    bool busy() {
        pg::ShortMemory const memory;  // it may be asked very often
        for (pg::RelationLocks before;; before = locks_) {
            locks_ = needed_();
            busy_ = pg::try_locks(locks_);
            if (busy_ || locks_.size() == before.size()) return busy_.has_value();
            if (locks_.empty()) return false;
        }
    }

    // Asked before we stand in the queue: who was behind us there has what he wants afterwards.
    void tell() {
        in_the_way_ = blocked(locks_[*busy_]);
        pg::report_phase("waiting for locks", in_the_way_);
    }

    // Where nobody is behind us.
    void wait_aside() {
        int const limit = limit_ > 0 ? limit_ : kPoliteWhenUnlimited;
        std::int64_t const start = pg::now().microseconds;
        tell();
        pg::SnapshotExemption const exemption(exempt_);
        for (int pause = kFirstPause; busy_ && milliseconds_since(start) < limit;
             pause = std::min(pause * 2, kLongestPause)) {
            pg::pause(jittered(pause));
            busy();
        }
    }

    void wait_in_queue() {
        std::int64_t const start = pg::now().microseconds;
        while (busy_) {
            tell();
            pg::RelationLock const lock = locks_[*busy_];
            int left = 0;
            if (limit_ > 0) {
                left = limit_ - milliseconds_since(start);
                if (left <= 0) give_up(lock, in_the_way_, 0);
            }
            pg::QueueResult const result = pg::queue_for_lock(lock, left);
            if (!result.locked) give_up(lock, in_the_way_, result.behind);
            busy();
            if (busy_) pg::let_go(lock);
        }
    }

    static void done() { pg::report_phase("running"); }

    const std::function<pg::RelationLocks()> &needed_;
    bool const exempt_;
    int const limit_;
    pg::RelationLocks locks_;
    std::optional<std::size_t> busy_;
    std::string in_the_way_;
};

}  // namespace

void take_locks(const std::function<pg::RelationLocks()> &needed, bool exempt) {
    Taking(needed, exempt)();
}

bool Attempts::again() {
    std::string const state = pg::current_error_text().sqlstate;
    if (state != "55P03" && state != "40P01" && state != "40001") return false;
    return failed_++ < pg::lock_retries();
}

void Attempts::rest() {
    int const pause = std::min(kFirstRest << std::min(failed_ - 1, 7), kLongestRest);
    pg::report_phase("waiting to try again",
                     fmt::format("attempt {} of {} got no lock", failed_, pg::lock_retries() + 1));
    pg::SnapshotExemption const exemption(exempt_);
    std::int64_t const start = pg::now().microseconds;
    int const wanted = jittered(pause);
    for (int waited = 0; waited < wanted; waited = milliseconds_since(start))
        pg::pause(wanted - waited);
}

void politely(const std::function<pg::RelationLocks()> &needed, const std::function<void()> &step) {
    for (Attempts attempts;; attempts.rest()) {
        pg::SubTransaction work;
        try {
            take_locks(needed);
            pg::SettingsLevel settings;
            settings.set("lock_timeout", statement_lock_timeout());
            step();
            settings.close();
            work.commit();
            return;
        } catch (const pg::PgError &) {
            bool const again = attempts.again();
            work.roll_back();
            if (!again) throw;
        } catch (...) {
            work.roll_back();
            throw;
        }
    }
}

void tell_obstacles(Oid table) {
    std::vector<std::string> obstacles = pg::old_snapshots(pg::step_lock_timeout());
    for (std::string &holder : pg::lock_holders({table, pg::kShareLock}))
        obstacles.push_back(std::move(holder));
    if (obstacles.empty()) return;
    pg::report_phase("running", "In the way:\n" + lines(obstacles));
    pg::notice("a concurrent index statement waits for sessions with old snapshots or locks",
               lines(obstacles));
}

std::string statement_lock_timeout() {
    int const own = pg::step_lock_timeout();
    int const set = pg::lock_timeout();
    return std::to_string(own == 0 ? set : set == 0 ? own : std::min(own, set));
}

}  // namespace migrate::engine
