#include "core/messages.hpp"
#include "engine/host.hpp"
#include "engine/queue.hpp"
#include "engine/request.hpp"
#include "engine/status.hpp"
#include "pg/background.hpp"
#include "pg/exemption.hpp"

namespace migrate::engine {

std::vector<RunStep> run_in_worker(const Command &command, Waiting waiting) {
    std::string const name = fmt::format("migrate.{}()", to_string(command.direction));
    pg::require_own_identity(name.c_str());
    RunRequest request;
    request.command = command;
    request.announce = waiting == Waiting::procedure;
    request.caller = pg::caller();
    request.settings = pg::session_settings();

    std::int64_t run = 0;
    {
        pg::SnapshotExemption const exemption(waiting == Waiting::statement_exempt);
        pg::Worker worker("migrate_worker_main", request.pack(), true);
        Teller teller;
        worker.wait([&](int pid) { teller.tell(pid); });
        run = worker.number_so_far();
    }
    // A worker that has stopped is not one that has succeeded: its row says what happened.
    std::optional<Run> row;
    if (run != 0) row = find_run(run);
    if (!row || row->status != "done")
        throw core::Error(core::Code::interrupted, "the run ended before it was done",
                          run == 0 ? "Its worker could not start."
                                   : fmt::format("It is run {} in migrate.runs.", run),
                          "See the server's log, then call it again.");
    return read_run_steps(run);
}

namespace {

// Starts the worker of a queued run that has none, once in a while, for it takes its moment to
// come.
class Starter {
 public:
    void look_at(const Run &run) {
        constexpr std::int64_t kPatience = 1'000'000;  // microseconds
        std::int64_t const now = pg::now().microseconds;
        if (is_there(run) || now - last_ < kPatience) return;
        last_ = now;
        if (!start_waiting_run(run))
            throw core::Error(core::Code::interrupted,
                              fmt::format("run {} is queued and has no worker", run.id), {},
                              fmt::format("Its row belongs to role {}, who could have changed "
                                          "whose run it is. Call migrate.cancel({}), then upgrade "
                                          "or downgrade again.",
                                          core::quoted(pg::owner_of_tables()), run.id));
    }

 private:
    std::int64_t last_ = pg::now().microseconds;
};

}  // namespace

void wait_for_run(std::int64_t id) {
    constexpr int kPause = 100;  // milliseconds
    Teller teller;
    Starter starter;
    for (;; pg::pause(kPause)) {
        std::optional<Run> const run = find_run(id);
        if (!run)
            throw core::Error(core::Code::invalid_target, fmt::format("run {} does not exist", id));
        if (run->status == "done") return;
        if (run->status == "failed") pg::raise_again(run->error);
        if (run->pid != 0) teller.tell(run->pid);
        if (run->status == "queued" && run->queued_steps) {
            starter.look_at(*run);
            continue;
        }
        // The worker is seen to be gone only after its last commit, so look at the row once more.
        if (run->status == "interrupted" ||
            (!is_there(*run) && find_run(id).value_or(*run).status == run->status))
            throw core::Error(core::Code::interrupted,
                              fmt::format("run {} ended before it was done", id), {},
                              "See the server's log, then call upgrade or downgrade again.");
    }
}

}  // namespace migrate::engine
