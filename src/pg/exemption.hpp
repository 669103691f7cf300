// Letting concurrent index builds pass a statement that waits for one.
//
// CREATE INDEX CONCURRENTLY ends by waiting for every transaction of the database that still has an
// older snapshot. A SELECT that waits for the worker which builds the index has one for as long as
// it runs, so the two would wait for each other for ever; the deadlock detector does not see it,
// because the SELECT waits on a latch. PostgreSQL has a mark for "this snapshot need not be waited
// for", PROC_IN_SAFE_IC, made for concurrent builds among themselves. We borrow it.
//
// That is right only as long as the marked snapshot reads no user table: a build must not mark
// its index valid while a query may still look for old row versions in it. Hence the conditions:
//   - the statement is a client's own SELECT outside of a transaction block and of every function,
//     so that nothing else runs in this transaction;
//   - its plan is of few simple nodes, names no relation, and calls no function beside ours that is
//     not immutable: another one could read (query_to_xml does);
//   - the isolation level is READ COMMITTED, where the snapshot ends with the statement.
// The rows that we return come from our own tables, read with a snapshot taken later.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Whether the call comes from a function, a DO or a cursor of one, and not from the client itself.
bool called_from_function();

// Whether the conditions above hold for this call.
bool may_be_exempt(FunctionCallInfo fcinfo);

// The mark itself, for as long as the object lives; an abort or exit of the transaction takes it
// off too (ProcArrayEndTransaction).
class SnapshotExemption {
 public:
    explicit SnapshotExemption(bool wanted);
    ~SnapshotExemption();
    SnapshotExemption(const SnapshotExemption &) = delete;
    SnapshotExemption &operator=(const SnapshotExemption &) = delete;

 private:
    bool set_;
};

}  // namespace migrate::pg
