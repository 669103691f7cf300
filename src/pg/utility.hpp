// One statement of our own making that holds text of a user: parsed once, looked at, and run as it
// was looked at. Inside a procedure that has committed, also such as cannot run in a transaction.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// MG007 where the CALL did not come from the client (or a script) itself: a statement that ends the
// transaction by itself would end that of the function around, too.
void require_own_call(FunctionCallInfo fcinfo, const char *name);

class Utility {
 public:
    // 42601 where `sql` does not parse or is not exactly one statement: `what` is the argument that
    // the user's part came in.
    Utility(std::string sql, const char *what);

    // What it has to be; otherwise 42601, for the text says more than it should.
    void require_check(const std::string &constraint) const;
    void require_foreign_key(const std::string &constraint) const;
    void require_index(const std::string &index) const;

    ::Node *node() const { return raw_->stmt; }
    const char *source() const { return sql_.c_str(); }

    // call(), for what looks at the statement: the cursor of an error is then one in its text, and
    // not in that of the CALL.
    template <class F>
    auto look(F &&f) const -> decltype(f()) {
        ErrorContextCallback frame = this->frame();
        struct Restore {
            ErrorContextCallback *const before;
            ~Restore() { error_context_stack = before; }
        } const restore{frame.previous};
        error_context_stack = &frame;
        return call(f);
    }

    // In the current transaction.
    void run() const;
    // As a client's own statement: it may commit, and leaves a transaction that holds nothing. Has
    // to be begun in such a one. No lock_timeout: it would end a concurrent index build on
    // snapshots of unrelated tables.
    void run_alone() const;

 private:
    [[noreturn]] void refuse() const;
    ErrorContextCallback frame() const;
    struct Release {
        void operator()(MemoryContext context) const { MemoryContextDelete(context); }
    };
    std::string const sql_;
    std::string const what_;
    std::unique_ptr<MemoryContextData, Release> memory_;
    RawStmt *raw_ = nullptr;
};

}  // namespace migrate::pg
