// A limit to how long the work of a moment may take: locks are held meanwhile.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// While it lives and its time is over, the current statement is cancelled (57014), once. One at a
// time. 0: no limit.
class Deadline {
 public:
    explicit Deadline(int milliseconds);
    ~Deadline();
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;

    // A cancel that comes from it has not come from a user.
    bool has_passed() const;

 private:
    bool const limited_;
};

}  // namespace migrate::pg
