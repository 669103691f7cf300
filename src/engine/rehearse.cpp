#include "engine/rehearse.hpp"

#include "core/messages.hpp"
#include "engine/polite.hpp"
#include "engine/round_trip.hpp"
#include "engine/step.hpp"
#include "engine/turn.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

constexpr int kRounds = 3;  // of one revision: more only to compare rows that nobody has foreseen

// What ends the whole rehearsal.
bool is_cancel(const std::string &sqlstate) {
    return sqlstate == "57014" || sqlstate.starts_with("57P");
}

// "upgrade, line 3, statement 1 of 2", as the frames of step.cpp say it.
std::string place_in(const std::string &context) {
    for (const char *section : {"upgrade, verify, line ", "upgrade, line ", "downgrade, line "}) {
        std::size_t const begin = context.find(section);
        if (begin == std::string::npos) continue;
        return context.substr(begin, context.find('\n', begin) - begin);
    }
    return {};
}

std::string describe(const pg::ErrorText &error) {
    std::string const place = place_in(error.context);
    return fmt::format("{} ({}{}{})", error.message, error.sqlstate, place.empty() ? "" : "; ",
                       place);
}

class Rehearsal {
 public:
    Rehearsal(const std::string &target, RowLimit limit, bool exempt)
        : target_(target), limit_(std::move(limit)), exempt_(exempt) {}

    std::vector<Rehearsed> operator()() {
        pg::ProgressReport const progress("rehearse", target_);
        pg::SubTransaction all;
        try {
            take_turn(pg::LockName::turn, exempt_);
            take_turn(pg::LockName::run, exempt_);
            Catalog const catalog(View::latest);
            prepare(catalog);
            if (!ups_.empty()) {
                take_locks([this] { return locks(); }, exempt_);
                pg::SettingsLevel settings;
                settings.set("lock_timeout", statement_lock_timeout());
                run();
                settings.close();
            }
            all.roll_back();
        } catch (...) {
            all.roll_back();
            throw;
        }
        return std::move(rows_);
    }

 private:
    void prepare(const Catalog &catalog) {
        Command const command{core::Direction::up, target_};
        std::vector<Unfinished> const unfinished = read_unfinished(View::latest);
        if (!unfinished.empty())
            throw core::Error(
                core::Code::interrupted,
                fmt::format("the {} of revision {} is not finished", unfinished[0].direction,
                            core::quoted(unfinished[0].revision)),
                {}, finishing_hint(unfinished[0]));
        PreparedPlan plan = engine::prepare(catalog, make_plan(catalog, command), View::latest);
        tell_spliced(catalog, plan);
        ups_ = std::move(plan.steps);
        for (const PreparedStep &step : ups_)
            downs_.push_back(read_step(catalog, {step.node, core::Direction::down}, View::latest));
        pg::report_steps(static_cast<int>(ups_.size()));
    }

    pg::RelationLocks locks() const {
        pg::RelationLocks locks;
        for (std::size_t i = 0; i < ups_.size(); i++)
            for (const PreparedStep *step : {&ups_[i], &downs_[i]})
                add_locks(*step, 0, step->statements().size(), locks);
        return locks;
    }

    void run() {
        Relations const first = read_relations();
        for (std::size_t i = 0; i < ups_.size(); i++) {
            begin_step(ups_[i], i + 1);
            rows_.push_back({});
            if (rehearse_step(i, first)) continue;
            for (std::size_t rest = i + 1; rest < ups_.size(); rest++) {
                rows_.push_back({});
                name(rows_.back(), rest);
                rows_.back().error =
                    fmt::format("not tried: revision {} has failed", ups_[i].revision);
            }
            return;
        }
    }

    void name(Rehearsed &row, std::size_t i) const {
        row.revision = ups_[i].revision;
        row.message = ups_[i].message;
    }

    // False: the upgrade fails.
    bool rehearse_step(std::size_t i, const Relations &first) {
        std::set<Oid> compared;
        for (int round = 1;; round++) {
            rows_.back() = {};
            name(rows_.back(), i);
            RoundTrip trip(ups_[i], downs_[i], first, limit_, compared, rows_.back());
            pg::SubTransaction work;
            try {
                trip.run();
            } catch (...) {
                pg::ErrorText const error = pg::current_error_text();
                work.roll_back();
                if (is_cancel(error.sqlstate)) throw;
                return failed(trip.phase(), error) && repeat_upgrade(i);
            }
            std::set<Oid> const more = trip.unforeseen();
            if (more.empty() || round == kRounds) {
                work.commit();
                return true;
            }
            work.roll_back();
            compared.insert(more.begin(), more.end());
        }
    }

    // Whether the upgrade as such can run.
    bool failed(RoundTrip::Phase phase, const pg::ErrorText &error) {
        Rehearsed &row = rows_.back();
        row.error = describe(error);
        if (phase == RoundTrip::Phase::up) return false;
        row.restores = false;
        if (phase == RoundTrip::Phase::again) row.error = "after the downgrade: " + row.error;
        return true;
    }

    // For the revisions that come after one whose downgrade fails.
    bool repeat_upgrade(std::size_t i) {
        pg::SubTransaction work;
        try {
            RoundTrip::upgrade(ups_[i]);
            work.commit();
            return true;
        } catch (...) {
            pg::ErrorText const error = pg::current_error_text();
            work.roll_back();
            if (is_cancel(error.sqlstate)) throw;
            return false;
        }
    }

    std::string const target_;
    RowLimit const limit_;
    bool const exempt_;
    std::vector<PreparedStep> ups_, downs_;
    std::vector<Rehearsed> rows_;
};

}  // namespace

std::vector<Rehearsed> rehearse(const std::string &target, std::int64_t compare_up_to,
                                const std::string &limit, bool exempt) {
    return Rehearsal(target, {compare_up_to, limit}, exempt)();
}

}  // namespace migrate::engine
