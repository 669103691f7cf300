#include "pg/utility.hpp"

#include "pg/execute.hpp"
#include "pg/locks.hpp"
#include "pg/procedure.hpp"

extern "C" {
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "storage/proc.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

void require_own_call(FunctionCallInfo fcinfo, const char *name) {
    bool const own = fcinfo->context != nullptr && IsA(fcinfo->context, CallContext) &&
                     !castNode(CallContext, fcinfo->context)->atomic &&
                     !SPI_inside_nonatomic_context();
    if (!own)
        throw core::Error(
            core::Code::transaction_block,
            fmt::format("{} needs to run outside of a transaction block", name), {},
            "CALL it as a statement of its own, with autocommit on, and not from a function.");
}

Utility::Utility(std::string sql, const char *what) : sql_(std::move(sql)), what_(what) {
    // It outlives the transactions in which it runs.
    memory_.reset(call([] {
        return AllocSetContextCreate(TopMemoryContext, "migrate utility", ALLOCSET_SMALL_SIZES);
    }));
    List *const trees = look([&] {
        MemoryContext const outer = MemoryContextSwitchTo(memory_.get());
        List *const parsed = raw_parser(sql_.c_str(), RAW_PARSE_DEFAULT);
        MemoryContextSwitchTo(outer);
        return parsed;
    });
    if (list_length(trees) != 1) refuse();
    raw_ = static_cast<RawStmt *>(linitial(trees));
}

namespace {

void move_position(void *sql) {
    int const position = geterrposition();
    if (position <= 0) return;
    errposition(0);
    internalerrposition(position);
    internalerrquery(static_cast<const char *>(sql));
}

}  // namespace

ErrorContextCallback Utility::frame() const {
    return {error_context_stack, move_position, const_cast<char *>(sql_.c_str())};
}

void Utility::refuse() const {
    call([&] {
        ereport(ERROR,
                (errcode(ERRCODE_SYNTAX_ERROR),
                 errmsg("argument \"%s\" says more than it should", what_.c_str()),
                 errdetail("Together with the rest of the statement it gives: %s", sql_.c_str())));
    });
    pg_unreachable();
}

namespace {

// The one constraint that an ALTER TABLE adds; null for anything else.
const Constraint *added_constraint(::Node *node, ConstrType type, const std::string &name) {
    if (!IsA(node, AlterTableStmt)) return nullptr;
    auto *alter = castNode(AlterTableStmt, node);
    if (list_length(alter->cmds) != 1) return nullptr;
    auto *command = castNode(AlterTableCmd, linitial(alter->cmds));
    if (command->subtype != AT_AddConstraint || !IsA(command->def, Constraint)) return nullptr;
    auto *constraint = castNode(Constraint, command->def);
    bool const same = constraint->contype == type && constraint->conname == name;
    return same ? constraint : nullptr;
}

}  // namespace

void Utility::require_check(const std::string &constraint) const {
    if (added_constraint(raw_->stmt, CONSTR_CHECK, constraint) == nullptr) refuse();
}

void Utility::require_foreign_key(const std::string &constraint) const {
    if (added_constraint(raw_->stmt, CONSTR_FOREIGN, constraint) == nullptr) refuse();
}

void Utility::require_index(const std::string &index) const {
    if (!IsA(raw_->stmt, IndexStmt) || castNode(IndexStmt, raw_->stmt)->idxname == nullptr ||
        castNode(IndexStmt, raw_->stmt)->idxname != index)
        refuse();
}

void Utility::run() const {
    look([&] {
        // What runs it may write into it, and it may have to run again.
        auto *copy = static_cast<RawStmt *>(copyObjectImpl(raw_));
        execute_nested(copy, sql_.c_str(), false);
    });
}

// After PortalRunUtility. The portal of the CALL is there as the one of a VACUUM is, which commits
// on its way as well.
void Utility::run_alone() const {
    commit_and_begin();
    Patience const patience;
    look([&] {
        MemoryContext const outer = CurrentMemoryContext;
        MemoryContextSwitchTo(memory_.get());
        auto *plan = makeNode(PlannedStmt);
        plan->commandType = CMD_UTILITY;
        plan->canSetTag = true;
        plan->utilityStmt = static_cast<::Node *>(copyObjectImpl(raw_->stmt));
        plan->stmt_location = raw_->stmt_location;
        plan->stmt_len = raw_->stmt_len;
        PushActiveSnapshot(GetTransactionSnapshot());
        ProcessUtility(plan, sql_.c_str(), false, PROCESS_UTILITY_TOPLEVEL, nullptr, nullptr,
                       None_Receiver, nullptr);
        // It may have popped it, as the portal code knows.
        if (ActiveSnapshotSet()) PopActiveSnapshot();
        MemoryContextSwitchTo(outer);
    });
    commit_and_begin();
}

}  // namespace migrate::pg
