#include "pg/background.hpp"

#include "pg/session.hpp"

extern "C" {
#include "commands/dbcommands.h"
#include "libpq/pqformat.h"
#include "libpq/pqmq.h"
#include "mb/pg_wchar.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "storage/dsm.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shm_mq.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
}

namespace migrate::pg {

// The head of the shared segment; the payload and, when the caller listens, the queue follow.
struct WorkerProcess::Shared {
    Oid database;
    Oid user;
    int encoding;  // of the caller's database
    PGPROC *caller;
    pg_atomic_uint64 number;
    std::uint64_t payload_size;
    std::uint64_t queue_offset;  // 0: nobody listens

    char *payload() { return reinterpret_cast<char *>(this) + MAXALIGN(sizeof(Shared)); }
    shm_mq *queue() {
        return queue_offset == 0
                   ? nullptr
                   : reinterpret_cast<shm_mq *>(reinterpret_cast<char *>(this) + queue_offset);
    }
};

namespace {

constexpr const char *kWorkerType = "migrate worker";
constexpr Size kQueueSize = 16384;
constexpr int kPollMilliseconds = 500;

volatile sig_atomic_t stop = 0;

// Stops at the next safe point by cancelling the statement, so that the run is still recorded; the
// default handler would exit at once.
void handle_stop(SIGNAL_ARGS) {
    int const saved = errno;
    if (stop != 0) {
        die(postgres_signal_arg);  // asked twice: whatever the script catches
        return;
    }
    stop = 1;
    InterruptPending = true;
    QueryCancelPending = true;
    SetLatch(MyLatch);
    errno = saved;
}

void stop_worker(dsm_segment *, Datum handle) {
    TerminateBackgroundWorker(reinterpret_cast<BackgroundWorkerHandle *>(DatumGetPointer(handle)));
}

constexpr char kText = 'd';  // CopyData, by its name in the protocol

// A text of the worker is added to `text`.
void report_message(char *data, Size size, StringInfo text) {
    if (size > 0 && data[0] == kText) {
        appendBinaryStringInfo(text, data + 1, static_cast<int>(size - 1));
        return;
    }
    StringInfoData message;
    initStringInfo(&message);
    appendBinaryStringInfo(&message, data, static_cast<int>(size));
    char const type = static_cast<char>(pq_getmsgbyte(&message));
    if (type != 'E' && type != 'N') return;
    ErrorData error;
    pq_parse_errornotice(&message, &error);
    if (error.elevel > ERROR) error.elevel = ERROR;  // the end of the worker is not ours
    ThrowErrorData(&error);
    pfree(message.data);
}

}  // namespace

void describe_worker(BackgroundWorker &worker, const char *entry) {
    memset(&worker, 0, sizeof worker);
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
    worker.bgw_start_time = BgWorkerStart_ConsistentState;
    worker.bgw_restart_time = BGW_NEVER_RESTART;
    strlcpy(worker.bgw_library_name, "migrate", BGW_MAXLEN);
    strlcpy(worker.bgw_function_name, entry, BGW_MAXLEN);
    strlcpy(worker.bgw_name, kWorkerType, BGW_MAXLEN);
    strlcpy(worker.bgw_type, kWorkerType, BGW_MAXLEN);
}

bool is_worker(std::int64_t pid) {
    return call([&] {
        int const number = static_cast<int>(pid);
        if (number == MyProcPid) return false;
        PGPROC const *process = BackendPidGetProc(number);
        if (process == nullptr || process->databaseId != MyDatabaseId) return false;
        const char *type = GetBackgroundWorkerTypeByPid(number);
        return type != nullptr && strcmp(type, kWorkerType) == 0;
    });
}

void fail_no_worker() {
    ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
                    errmsg("no background worker slot is free"),
                    errhint("You might need to increase \"%s\".", "max_worker_processes")));
    pg_unreachable();
}

void connect_worker(Oid database, Oid user) {
    call([&] {
        pqsignal(SIGTERM, handle_stop);
        BackgroundWorkerUnblockSignals();
        BackgroundWorkerInitializeConnectionByOid(database, user, 0);
        // Messages travel in the database's encoding; the listener converts for its client.
        SetClientEncoding(GetDatabaseEncoding());
    });
}

struct Worker::State {
    MemoryContext memory;  // holds all this
    BackgroundWorkerHandle *handle;
    dsm_segment *segment;
    WorkerProcess::Shared *shared;
    shm_mq_handle *queue;
    StringInfoData text;
};

Worker::Worker(const char *entry, const std::string &payload, bool listen, Oid database)
    : state_(nullptr), exceptional_exit_(true) {
    state_ = call([&] {
        using Head = WorkerProcess::Shared;
        // Longer than the transaction, which a procedure may leave; deleted with the object.
        MemoryContext const memory =
            AllocSetContextCreate(TopMemoryContext, "migrate worker", ALLOCSET_SMALL_SIZES);
        MemoryContext const outer = MemoryContextSwitchTo(memory);
        auto *state = static_cast<State *>(palloc0(sizeof(State)));
        state->memory = memory;
        initStringInfo(&state->text);
        Size const queue_offset = MAXALIGN(sizeof(Head)) + MAXALIGN(payload.size());
        state->segment = dsm_create(queue_offset + (listen ? kQueueSize : 0), 0);
        auto *head = static_cast<Head *>(dsm_segment_address(state->segment));
        state->shared = head;
        head->database = OidIsValid(database) ? database : MyDatabaseId;
        head->encoding = GetDatabaseEncoding();
        head->user = GetAuthenticatedUserId();
        head->caller = MyProc;
        pg_atomic_init_u64(&head->number, 0);
        head->payload_size = payload.size();
        head->queue_offset = listen ? queue_offset : 0;
        memcpy(head->payload(), payload.data(), payload.size());
        if (listen) {
            shm_mq *queue = shm_mq_create(head->queue(), kQueueSize);
            shm_mq_set_receiver(queue, MyProc);
            state->queue = shm_mq_attach(queue, state->segment, nullptr);
        }

        BackgroundWorker worker;
        describe_worker(worker, entry);
        worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(state->segment));
        worker.bgw_notify_pid = MyProcPid;
        if (!RegisterDynamicBackgroundWorker(&worker, &state->handle)) fail_no_worker();
        if (state->queue != nullptr) shm_mq_set_handle(state->queue, state->handle);
        on_dsm_detach(state->segment, stop_worker, PointerGetDatum(state->handle));
        MemoryContextSwitchTo(outer);
        return state;
    });
}

Worker::~Worker() {
    // After an error the abort of the transaction detaches, which stops the worker.
    if (exceptional_exit_ && !outlives_) return;
    dsm_detach(state_->segment);
    MemoryContextDelete(state_->memory);
}

void Worker::outlive_transaction() {
    call([&] { dsm_pin_mapping(state_->segment); });
    outlives_ = true;
}

// Everything that is there; false when nothing more will come.
bool Worker::receive() {
    for (;;) {
        shm_mq_result const result = call([&] {
            Size size;
            void *data;
            shm_mq_result const received = shm_mq_receive(state_->queue, &size, &data, true);
            if (received == SHM_MQ_SUCCESS)
                report_message(static_cast<char *>(data), size, &state_->text);
            return received;
        });
        if (result == SHM_MQ_DETACHED) return false;
        if (result != SHM_MQ_SUCCESS) return true;
    }
}

std::string Worker::take_text() {
    std::string text(state_->text.data, static_cast<std::size_t>(state_->text.len));
    call([&] { resetStringInfo(&state_->text); });
    return text;
}

void Worker::listen() {
    (void)receive();
}

void Worker::wait(const std::function<void(int)> &idle) {
    while (receive()) {
        pause(kPollMilliseconds);
        int pid = 0;
        if (idle && is_running(&pid)) idle(pid);
    }
    while (is_running()) pause(kPollMilliseconds);
    exceptional_exit_ = false;
}

bool Worker::is_running(int *pid) const {
    pid_t process = 0;
    BgwHandleStatus const status =
        call([&] { return GetBackgroundWorkerPid(state_->handle, &process); });
    if (pid != nullptr) *pid = static_cast<int>(process);
    return status != BGWH_STOPPED;
}

std::int64_t Worker::number_so_far() const {
    return static_cast<std::int64_t>(pg_atomic_read_u64(&state_->shared->number));
}

std::int64_t Worker::number_within(int milliseconds) {
    std::int64_t const end = now().microseconds + milliseconds * std::int64_t{1000};
    while (number_so_far() == 0 && now().microseconds < end && is_running())
        pause(kPollMilliseconds);
    call([&] {
        cancel_on_dsm_detach(state_->segment, stop_worker, PointerGetDatum(state_->handle));
    });
    exceptional_exit_ = false;
    return number_so_far();
}

WorkerProcess::WorkerProcess(Datum main_arg) : shared_(nullptr) {
    call([&] {
        pqsignal(SIGTERM, handle_stop);
        BackgroundWorkerUnblockSignals();
        dsm_segment *segment = dsm_attach(DatumGetUInt32(main_arg));
        if (segment == nullptr)
            ereport(ERROR, (errmsg("the session that started this worker is gone")));
        shared_ = static_cast<Shared *>(dsm_segment_address(segment));
        if (shm_mq *queue = shared_->queue()) {
            MemoryContext const outer = MemoryContextSwitchTo(TopMemoryContext);
            shm_mq_set_sender(queue, MyProc);
            pq_redirect_to_shm_mq(segment, shm_mq_attach(queue, segment, nullptr));
            MemoryContextSwitchTo(outer);
        }
    });
    payload_.assign(shared_->payload(), shared_->payload_size);
    connect_worker(shared_->database, shared_->user);
}

void WorkerProcess::say_number(std::int64_t number) {
    pg_atomic_write_u64(&shared_->number, static_cast<std::uint64_t>(number));
    SetLatch(&shared_->caller->procLatch);
}

void WorkerProcess::say_text(const std::string &text) {
    constexpr std::size_t kPart = 1 << 16;
    call([&] {
        char *const whole =
            pg_server_to_any(text.c_str(), static_cast<int>(text.size()), shared_->encoding);
        std::size_t const size = whole == text.c_str() ? text.size() : strlen(whole);
        for (std::size_t at = 0; at < size; at += kPart) {
            StringInfoData message;
            pq_beginmessage(&message, kText);
            pq_sendbytes(&message, whole + at, static_cast<int>(Min(kPart, size - at)));
            pq_endmessage(&message);
        }
    });
}

void WorkerProcess::stop_if_requested() {
    if (stop != 0)
        call([] {
            ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED), errmsg("the run was stopped")));
        });
}

bool WorkerProcess::stop_requested() {
    return stop != 0;
}

Oid find_database(const std::string &name) {
    return call([&] { return get_database_oid(name.c_str(), false); });
}

void report_activity(const std::string &text) {
    call([&] { pgstat_report_activity(STATE_RUNNING, text.c_str()); });
}

void report_idle() {
    call([&] {
        pgstat_report_stat(false);
        pgstat_report_activity(STATE_IDLE, nullptr);
    });
}

}  // namespace migrate::pg
