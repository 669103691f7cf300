// Scripts that are tried out: their calls of procedures that work online do what PostgreSQL's own
// statement would, in the transaction that is going to be rolled back.
#pragma once

#include <string>

namespace migrate::engine {

class Trying {
 public:
    Trying();
    ~Trying();
    Trying(const Trying &) = delete;
    Trying &operator=(const Trying &) = delete;

    bool left_something_out() const;  // since it was made

 private:
    bool const outer_;
};

bool is_trying();
// The plain form of such a procedure; empty: it changes nothing but rows or files, and is left out.
void try_plain_form(const std::string &sql);

}  // namespace migrate::engine
