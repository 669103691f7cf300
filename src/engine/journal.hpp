// The journal of a revision that commits on its way: its row in migrate.unfinished, written before
// and after each statement that runs outside of a transaction, so that whatever happens the next
// run knows which one was in flight.
#pragma once

#include "engine/prepared.hpp"

namespace migrate::engine {

class Journal {
 public:
    // Call it in a transaction.
    Journal(const PreparedStep &step, std::int64_t run);

    // An earlier run has begun the step. It had come to statement done().
    bool goes_on() const { return goes_on_; }
    std::size_t done() const { return static_cast<std::size_t>(row_.done); }

    // Statements up to `done` are part of the current transaction.
    void advance(std::size_t done);
    void go_back(std::size_t done) { row_.done = static_cast<int>(done); }  // it was undone

    // Runs a statement outside of transactions. What an earlier attempt has left is cleaned up
    // first. Throws MG009 where nobody can know whether that one came to its end.
    void run_alone(std::size_t index);

    // After a failure, in no transaction: the statement has ended with an error, so nobody needs to
    // ask how far it came, unless it may have committed on its way. What it has left goes now if
    // nobody is in the way, otherwise before the next attempt.
    void settle();

 private:
    bool take_up(std::size_t index);
    void run_statement(std::size_t index);
    void note_begin(std::size_t index);
    void note_end();

    const PreparedStep &step_;
    Unfinished row_;
    bool goes_on_;
    // What this process knows of a statement outside of transactions: it runs; it has come to its
    // end, and the note of that is missing.
    enum class State { none, running, ended } state_ = State::none;
};

}  // namespace migrate::engine
