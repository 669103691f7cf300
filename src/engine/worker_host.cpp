#include "core/messages.hpp"
#include "engine/host.hpp"
#include "engine/request.hpp"
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

    bool const listen = waiting != Waiting::none;
    std::int64_t run = 0;
    {
        pg::SnapshotExemption const exemption(waiting == Waiting::statement_exempt);
        pg::Worker worker("migrate_worker_main", request.pack(), listen);
        if (listen) {
            worker.wait();
            run = worker.number_so_far();
        } else {
            run = worker.number();
        }
    }
    // A worker that has stopped is not one that has succeeded: its row says what happened.
    std::optional<std::string> status;
    if (run != 0) status = run_status(run);
    if (!status || (listen && status != "done"))
        throw core::Error(core::Code::interrupted, "the run ended before it was done",
                          run == 0 ? "Its worker could not start."
                                   : fmt::format("It is run {} in migrate.runs.", run),
                          "See the server's log, then call it again.");
    return listen ? read_run_steps(run) : std::vector<RunStep>();
}

}  // namespace migrate::engine
