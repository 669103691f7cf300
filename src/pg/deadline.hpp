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

    // For use in a handler of a 57014: it comes from here alone. Another cancel of the same
    // instant, a user's or by statement_timeout, either is that error or still waits, and is not
    // lost.
    bool has_passed() const;

 private:
    bool const limited_;
};

}  // namespace migrate::pg
