// Background workers of ours, from both sides.
#pragma once

#include "pg/guard.hpp"

extern "C" {
#include "postmaster/bgworker.h"
}

namespace migrate::pg {

// Fills in what all our dynamic workers have in common; `entry` is the exported C function. Plain;
// for use inside call().
void describe_worker(BackgroundWorker &worker, const char *entry);
[[noreturn]] void fail_no_worker();  // 53400; for use inside call()

// In a worker: takes requests to stop from here on, and connects.
void connect_worker(Oid database, Oid user);

// The caller's side: one dynamic worker, started with a text that it alone understands.
// Whatever ends the caller before wait() has returned (an error, a cancel, a disconnect) asks the
// worker to stop.
class Worker {
 public:
    // `entry` is the exported C function. `listen`: notices, errors and texts come back through
    // wait(); otherwise the worker is on its own once number_within() has returned. `database`:
    // another one than this. 53400 when max_worker_processes leaves no slot.
    Worker(const char *entry, const std::string &payload, bool listen, Oid database = InvalidOid);
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    // Until the worker has gone; its notices are reported here and its error is thrown as a
    // PgError, as if both had come from this session. `idle` is called now and then, with the
    // worker's pid.
    void wait(const std::function<void(int)> &idle = {});

    // What the worker has sent with say_text(), once wait() has returned; once.
    std::string take_text();

    // The caller's transactions may end before it does: then going out of scope stops it, not the
    // end of the transaction.
    void outlive_transaction();
    // Reports and throws what has come from it so far, as wait() does.
    void listen();

    // Until the worker has said its number, or the time is over, or it has ended (0). From then on
    // it is on its own.
    std::int64_t number_within(int milliseconds);
    std::int64_t number_so_far() const;

 private:
    bool is_running(int *pid = nullptr) const;
    bool receive();
    struct State;
    State *state_;
    bool exceptional_exit_;
    bool outlives_ = false;
};

// The worker's side, in its main function.
class WorkerProcess {
 public:
    // Attaches and connects, to the database that the caller said, as the user who logged in there.
    explicit WorkerProcess(Datum main_arg);

    const std::string &payload() const { return payload_; }
    void say_number(std::int64_t number);
    // For a caller that listens; in the encoding of its database, 22P05 where that has no such
    // character.
    void say_text(const std::string &text);
    // Whether somebody asked this process to stop (and not only to cancel a statement).
    static bool stop_requested();
    // Between statements: 57014 when somebody did. A script that catches query_canceled stops here.
    static void stop_if_requested();

    struct Shared;  // what both sides see

 private:
    Shared *shared_;
    std::string payload_;
};

// Whether another process is a worker of ours in this database. The number of one that has gone may
// be somebody else's by now, surely so after a restart.
bool is_worker(std::int64_t pid);

// 3D000 where there is none of that name.
Oid find_database(const std::string &name);

// What pg_stat_activity shows.
void report_activity(const std::string &text);
void report_idle();

}  // namespace migrate::pg
