// One revision up, down and up again, and what can be seen of it.
#pragma once

#include "engine/prepared.hpp"
#include "engine/rehearse.hpp"
#include "engine/row_digest.hpp"
#include "engine/watch.hpp"
#include "schema/snapshot.hpp"

namespace migrate::engine {

// How large a table may be whose rows are compared.
struct RowLimit {
    std::int64_t bytes;
    std::string text;
};

class RoundTrip {
 public:
    enum class Phase { up, down, again };

    // `first`: what was there before the rehearsal began: nobody else has to do with the rest.
    // `compared`: tables whose rows are compared beside those that the statements name. The result
    // is `row`.
    RoundTrip(const PreparedStep &up, const PreparedStep &down, const Relations &first,
              const RowLimit &limit, const std::set<Oid> &compared, Rehearsed &row);

    void run();
    // What it was doing when it threw.
    Phase phase() const { return phase_; }
    // Tables whose rows could have changed, though no statement named them.
    std::set<Oid> unforeseen() const { return unforeseen_; }

    // The upgrade alone.
    static void upgrade(const PreparedStep &up);

 private:
    struct Before {
        std::string name;
        std::optional<RowDigest> digest;
        std::string reason;  // why there is none
    };
    void measure_upgrade();
    void run_step(const PreparedStep &step, bool quiet);
    void run_unlike(const PreparedStep &step, std::size_t index);
    void read_rows();
    void compare_rows(const CountersOf &counters);
    void find_unforeseen(const HeldLocks &held, const CountersOf &counters);
    void report_locks(const HeldLocks &before, const HeldLocks &after);
    void report_files(const Relations &before, const Relations &after);
    void report_scans(const CountersOf &before, const CountersOf &after);
    pg::RelationLocks planned(const PreparedStep &step) const;

    const PreparedStep &up_;
    const PreparedStep &down_;
    const Relations &first_;
    const RowLimit &limit_;
    const std::set<Oid> &wanted_;
    Rehearsed &row_;
    Phase phase_ = Phase::up;
    Relations relations_;
    pg::RelationLocks planned_;
    std::map<Oid, Before> rows_;
    std::set<Oid> unforeseen_;
};

}  // namespace migrate::engine
