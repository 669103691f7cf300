// Where a command runs: in the caller's transaction, or in a worker.
#pragma once

#include "engine/prepared.hpp"

namespace migrate::engine {

// How the caller waits.
enum class Waiting {
    statement,         // a SELECT, which holds a snapshot that must be in nobody's way
    statement_exempt,  // the same, and its snapshot may be marked as harmless
    procedure,         // a CALL that has committed and holds no snapshot
    none               // it does not: the worker is on its own
};

// Applies a command and returns its steps. A transactional plan of a statement runs inline,
// anything else in a worker. In a transaction block, where nobody can wait for that, what cannot
// run inline is queued, or refused (MG007) where migrate.in_transaction_block says so.
std::vector<RunStep> execute(const Command &command, Waiting waiting);

// The inline host: as many of the first steps as can run in one transaction. The run lock is held.
// `exempt`: pg/exemption.hpp.
std::vector<RunStep> run_inline(const Catalog &catalog, const PreparedPlan &plan,
                                const Command &command, bool exempt);

// The caller's side of the worker host. The run lock is not held.
std::vector<RunStep> run_in_worker(const Command &command, Waiting waiting);

// Until a run has ended; its error is thrown again. MG014 when there is none of that number, MG009
// when its process ended before it could say how. For a procedure that holds no snapshot.
void wait_for_run(std::int64_t id);

// The worker's side: main functions of background workers.
void worker_main(Datum argument);
void recorder_main(Datum argument);
void queued_main();
void visitor_main(Datum argument);

}  // namespace migrate::engine
