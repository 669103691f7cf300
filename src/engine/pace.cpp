#include "engine/pace.hpp"

#include "engine/stripes.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/throttle.hpp"

namespace migrate::engine {

namespace {

constexpr double kShare = 0.5;
constexpr double kShrink = 0.5, kGrow = 1.2, kGrowFast = 2;
constexpr double kLargest = 1 << 20;
constexpr int kLook = 100;  // milliseconds
constexpr std::int64_t kSampleEvery = 100'000;

// The latch may be set for something else, so one wait may be shorter.
void sleep_for(std::int64_t milliseconds) {
    std::int64_t const end = pg::now().microseconds + milliseconds * 1000;
    for (std::int64_t left = milliseconds * 1000; left > 0; left = end - pg::now().microseconds)
        pg::pause(static_cast<int>(std::max<std::int64_t>(left / 1000, 1)));
}

}  // namespace

std::size_t BatchSize::kind(int stripe) {
    return stripe == 0 ? 0 : stripe < kAllStripes ? 1 : 2;
}

std::int64_t BatchSize::of(int stripe) const {
    return static_cast<std::int64_t>(sizes_[kind(stripe)]);
}

void BatchSize::took(int stripe, std::int64_t size, std::int64_t microseconds) {
    double &current = sizes_[kind(stripe)];
    double const factor = kShare * static_cast<double>(target_) /
                          static_cast<double>(std::max<std::int64_t>(microseconds, 1));
    if (factor < 1)
        current = static_cast<double>(size) * std::max(factor, kShrink);
    else if (size == of(stripe))  // a smaller one says nothing about a larger one
        current *= std::min(factor, factor > 4 ? kGrowFast : kGrow);
    current = std::clamp(current, 1.0, kLargest);
}

void BatchSize::halve() {
    for (double &size : sizes_) size = std::max(1.0, size / 2);
}

void Throttle::sample() {
    std::int64_t const now = pg::now().microseconds;
    std::int64_t const oldest = now - std::int64_t{pg::backfill_max_lag()} * 1000;
    if (wal_.empty() || now - wal_.back().first >= kSampleEvery)
        wal_.emplace_back(now, pg::wal_position());
    // One that is older than the limit stays: the standbys are compared with it.
    while (wal_.size() > 1 && wal_[1].first <= oldest) wal_.pop_front();
}

// The lag that a standby measures stops growing when it says nothing any more, so what it has is
// compared with what was there some time ago.
std::string Throttle::lagging() {
    std::int64_t const limit = std::int64_t{pg::backfill_max_lag()} * 1000;
    if (limit == 0) return {};
    sample();
    auto const standby = pg::slowest_standby();
    if (!standby) return {};
    bool const behind = wal_.front().first <= pg::now().microseconds - limit &&
                        standby->applied < wal_.front().second;
    if (!behind && (standby->lag <= limit || standby->applied >= wal_.back().second)) return {};
    return fmt::format("the standby of process {} is more than {} ms behind", standby->pid,
                       pg::backfill_max_lag());
}

std::string Throttle::reason(Oid table) {
    if (std::string text = lagging(); !text.empty()) return text;
    if (pg::has_wraparound_vacuum(table))
        return "a vacuum of the table prevents the wraparound of transaction ids";
    return {};
}

void Throttle::rest(Oid table) {
    while (pg::is_paused()) {
        pg::report_phase("paused");
        sleep_for(kLook);
    }
    for (std::string why = reason(table); !why.empty(); why = reason(table)) {
        pg::report_phase("throttled", why);
        sleep_for(kLook);
    }
    if (int const pause = pg::backfill_pause(); pause > 0) {
        pg::report_phase("throttled", "migrate.backfill_pause");
        sleep_for(pause);
    }
}

void Throttle::let_pass(int sessions, std::int64_t microseconds) {
    pg::report_phase("throttled",
                     fmt::format("{} sessions waited for rows of the last batch", sessions));
    sleep_for(std::clamp<std::int64_t>(microseconds / 1000, 1, 1000));
}

}  // namespace migrate::engine
