// Who calls, in what state, and the transaction around the call.
#pragma once

#include "pg/datum.hpp"

namespace migrate::pg {

struct Caller {
    std::string session_user;  // who logged in (or SET SESSION AUTHORIZATION)
    std::string role;          // whose rights count now
    bool superuser;            // it is one, or RESET ROLE or the like makes it one
    std::string application;   // application_name
    std::string client;        // address, "local", or "" for a background process
};
Caller caller();

// Whether a role of this name exists and is a superuser.
bool is_superuser(const std::string &role);

// Refuses what would write: 25006 on a standby or in a read-only transaction, 0A000 inside
// CREATE or ALTER EXTENSION. `command` is what the message calls it.
void require_changeable(const char *command);
// The same, and 0A000 inside a script.
void require_writable(const char *command);

// Refuses (42501) inside of SECURITY DEFINER functions and of what the server runs with restricted
// rights (autovacuum, index expressions, REFRESH): a worker would start as who logged in, not as
// who this code runs for.
void require_own_identity(const char *command);

bool has_temporary_schema();  // it has made temporary objects
bool has_own_identity();
std::string login();  // who logged in, whatever has been set since

// Refuses when the caller's role is not a member of `role`: 42501.
void require_role(const char *role);

Oid role_oid(const std::string &role);  // 42704 when it does not exist
// Whether a role has the rights of the other, or can take them.
bool may_act_as(const std::string &role, const std::string &other);
// Refuses (42501) unless the caller's role may act as that one. `what` it may not do.
void require_member_of(const std::string &role, const std::string &what);

// Whether the current statement is not a client's own top-level statement in a transaction of
// its own: what started it might go on in the same transaction.
bool in_transaction_block();

Instant now();  // the clock
inline Instant after(Instant start, Duration duration) {
    return {start.microseconds + duration.microseconds};
}
inline Duration between(Instant start, Instant end) {
    return {end.microseconds - start.microseconds};
}

int process_id();
// What pg_stat_activity and the like said stays the same within a transaction; not after this.
void look_afresh();
bool is_alive(std::int64_t pid);  // as a process of this server

// A NOTICE or WARNING for the client.
void notice(const std::string &message, const std::string &detail = {},
            const std::string &hint = {});
void warning(const std::string &message, const std::string &detail = {},
             const std::string &hint = {});

// For processes that have transactions of their own.
void begin_transaction();
void commit_transaction();
void abort_transaction();

// The current transaction is on disk when its commit returns, whatever synchronous_commit says.
void commit_durably();

// Does all of `body` in one; whatever leaves it otherwise ends in the process's one handler, which
// aborts.
template <class F>
void in_transaction(F &&body) {
    begin_transaction();
    body();
    commit_transaction();
}

// A subtransaction of the caller's transaction. After an error nothing is safe to do, and nothing
// that was locked is free, until it is rolled back; so one of the two must be called.
class SubTransaction {
 public:
    SubTransaction();
    void commit();
    void roll_back();
    SubTransaction(const SubTransaction &) = delete;
    SubTransaction &operator=(const SubTransaction &) = delete;

 private:
    void restore();
    MemoryContext const memory_;
    struct ResourceOwnerData *const owner_;
};

// FATAL when the client has gone: a backend in a long wait does not notice by itself. May raise;
// for use inside call().
void check_client();

// Sleeps, but wakes for cancel, termination and the end of the server.
void pause(int milliseconds);

}  // namespace migrate::pg
