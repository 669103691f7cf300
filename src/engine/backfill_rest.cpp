#include "engine/backfill_rest.hpp"

#include "engine/polite.hpp"
#include "pg/procedure.hpp"

namespace migrate::engine {

namespace {

constexpr int kRows = 500;      // of a batch: their owners wait for all of it
constexpr int kBatches = 1000;  // of a leaf

// A batch of one leaf. False: there is nothing more to do.
bool change_some(const BackfillTask &task, const Leaf &leaf,
                 const std::function<void(std::int64_t)> &note) {
    bool more = false;
    politely([] { return pg::RelationLocks(); },
             [&] {
                 std::vector<std::string> const places = lock_left(task, leaf, kRows);
                 if (places.empty()) return;
                 // A statement of its own, which sees the versions that are locked.
                 Changed const changed = change_rows(task, leaf, at_places(task, places));
                 more = changed.rows > 0 && changed.again == 0;
                 note(changed.rows);
             });
    pg::commit_and_begin();
    return more;
}

}  // namespace

void change_the_rest(const BackfillTask &task, const std::vector<Leaf> &leaves,
                     const std::function<void(std::int64_t)> &note) {
    for (const Leaf &leaf : leaves)
        for (int i = 0; i < kBatches && change_some(task, leaf, note); i++) {
        }
}

}  // namespace migrate::engine
