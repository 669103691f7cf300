#include "pg/session.hpp"

#include "pg/settings.hpp"

extern "C" {
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "commands/extension.h"
#include "pgstat.h"
#include "storage/latch.h"
#include "storage/procarray.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/fmgrprotos.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"
}

namespace migrate::pg {

namespace {

// libpq-be.h would tell more directly, but needs the headers of GSSAPI.
std::string client_address() {
    if (MyProcPort == nullptr) return {};
    const char *address = call([] {
        LOCAL_FCINFO(fcinfo, 0);
        InitFunctionCallInfoData(*fcinfo, nullptr, 0, InvalidOid, nullptr, nullptr);
        Datum const inet = inet_client_addr(fcinfo);
        return fcinfo->isnull ? static_cast<const char *>("local")
                              : DatumGetCString(DirectFunctionCall1(inet_out, inet));
    });
    return address;
}

void report(int level, const std::string &message, const std::string &detail,
            const std::string &hint) {
    call([&] {
        ereport(level, (errmsg_internal("%s", message.c_str()),
                        detail.empty() ? 0 : errdetail_internal("%s", detail.c_str()),
                        hint.empty() ? 0 : errhint("%s", hint.c_str())));
    });
}

}  // namespace

Caller caller() {
    Caller result;
    result.session_user = call([] { return GetUserNameFromId(GetSessionUserId(), false); });
    result.role = call([] { return GetUserNameFromId(GetUserId(), false); });
    result.superuser = call([] {
        return superuser() || superuser_arg(GetSessionUserId()) ||
               superuser_arg(GetAuthenticatedUserId());
    });
    result.application = application_name != nullptr ? application_name : "";
    result.client = client_address();
    return result;
}

bool is_superuser(const std::string &role) {
    return call([&] {
        Oid const id = get_role_oid(role.c_str(), true);
        return OidIsValid(id) && superuser_arg(id);
    });
}

void require_changeable(const char *command) {
    call([&] {
        PreventCommandDuringRecovery(command);
        PreventCommandIfReadOnly(command);
        if (creating_extension)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("%s cannot run inside CREATE or ALTER EXTENSION", command),
                            errdetail("What it creates would become part of that extension.")));
    });
}

void require_writable(const char *command) {
    require_changeable(command);
    std::string const running = running_revision();
    if (running.empty()) return;
    call([&] {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("%s cannot run inside a script", command),
                        errdetail("The script of revision \"%s\" is running.", running.c_str())));
    });
}

bool has_temporary_schema() {
    Oid schema = InvalidOid, toast = InvalidOid;
    GetTempNamespaceState(&schema, &toast);
    return OidIsValid(schema);
}

bool has_own_identity() {
    Oid user;
    int context;
    GetUserIdAndSecContext(&user, &context);
    return context == 0;
}

std::string login() {
    return call([] { return GetUserNameFromId(GetAuthenticatedUserId(), false); });
}

void require_own_identity(const char *command) {
    call([&] {
        Oid user;
        int context;
        GetUserIdAndSecContext(&user, &context);
        if (context != 0)
            ereport(ERROR,
                    (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                     errmsg("%s cannot start a worker with other rights than the session's own",
                            command),
                     errhint("Call it outside of SECURITY DEFINER functions.")));
    });
}

void require_role(const char *role) {
    call([&] {
        if (!has_privs_of_role(GetUserId(), get_role_oid(role, false)))
            ereport(ERROR,
                    (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                     errmsg("permission denied to read files of the server"),
                     errdetail("Only roles with privileges of role \"%s\" may do so.", role)));
    });
}

Oid role_oid(const std::string &role) {
    return call([&] { return get_role_oid(role.c_str(), false); });
}

bool may_act_as(const std::string &role, const std::string &other) {
    return call([&] {
        Oid const member = get_role_oid(role.c_str(), true);
        Oid const wanted = get_role_oid(other.c_str(), true);
        return OidIsValid(member) && OidIsValid(wanted) && is_member_of_role(member, wanted);
    });
}

void require_member_of(const std::string &role, const std::string &what) {
    call([&] {
        Oid const wanted = get_role_oid(role.c_str(), true);
        if (superuser()) return;
        if (!OidIsValid(wanted) || !has_privs_of_role(GetUserId(), wanted))
            ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                            errmsg("permission denied to %s", what.c_str()),
                            errdetail("It belongs to role \"%s\".", role.c_str())));
    });
}

bool in_transaction_block() {
    return call([] { return IsInTransactionBlock(true); });
}

Instant now() {
    return Instant{GetCurrentTimestamp()};
}

void look_afresh() {
    call([] { pgstat_clear_snapshot(); });
}

int process_id() {
    return MyProcPid;
}

bool is_alive(std::int64_t pid) {
    return call([&] { return BackendPidGetProc(static_cast<int>(pid)) != nullptr; });
}

void notice(const std::string &message, const std::string &detail, const std::string &hint) {
    report(NOTICE, message, detail, hint);
}

void warning(const std::string &message, const std::string &detail, const std::string &hint) {
    report(WARNING, message, detail, hint);
}

void begin_transaction() {
    call([] {
        SetCurrentStatementStartTimestamp();
        StartTransactionCommand();
    });
}

void commit_transaction() {
    call([] { CommitTransactionCommand(); });
}

void abort_transaction() {
    call([] {
        if (IsTransactionState() || IsAbortedTransactionBlockState()) AbortCurrentTransaction();
    });
}

void commit_durably() {
    ForceSyncCommit();
}

SubTransaction::SubTransaction() : memory_(CurrentMemoryContext), owner_(CurrentResourceOwner) {
    call([&] {
        BeginInternalSubTransaction(nullptr);
        MemoryContextSwitchTo(memory_);
    });
}

void SubTransaction::commit() {
    call([] { ReleaseCurrentSubTransaction(); });
    restore();
}

void SubTransaction::roll_back() {
    call([] { RollbackAndReleaseCurrentSubTransaction(); });
    restore();
}

void SubTransaction::restore() {
    MemoryContextSwitchTo(memory_);
    CurrentResourceOwner = owner_;
}

void check_client() {
    if (MyProcPort != nullptr && whereToSendOutput == DestRemote && !pq_check_connection())
        ereport(FATAL, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("connection to client lost")));
}

void pause(int milliseconds) {
    call([&] {
        InvalidateCatalogSnapshot();  // it would hold up concurrent index builds
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, milliseconds,
                        PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
        check_client();
    });
}

}  // namespace migrate::pg
