// The two doors between C++ and PostgreSQL.
//
// An ERROR in PostgreSQL is a longjmp, which runs no destructor; a C++ exception that reaches a C
// frame ends the whole cluster. So every call into PostgreSQL that can raise goes through call(),
// and every function that PostgreSQL calls goes through enter().
#pragma once

#include "core/error.hpp"
#include "pg/prelude.hpp"

namespace migrate::pg {

// An ERROR of PostgreSQL on its way through C++ frames, every field intact. `data` lives in the
// memory context that was current at the call. Not a std::exception, so that no handler for those
// takes it by mistake: after it only clean-up is allowed until it is raised again, or until the
// subtransaction around the call is rolled back.
struct PgError {
    ErrorData *data;
};

// The same in C++ memory, for what outlives the transaction: empty fields were not set.
struct ErrorText {
    std::string sqlstate;
    std::string message;
    std::string detail;
    std::string hint;
    std::string context;
    int position = 0;  // cursor in the text that was being parsed, in characters from 1
};

// Raises an error that was kept as text.
[[noreturn]] void raise_again(const ErrorText &error);

// Raises an error of PostgreSQL's own kind, for what it would refuse with the same SQLSTATE.
[[noreturn]] void fail(const std::string &sqlstate, const std::string &message,
                       const std::string &detail = {}, const std::string &hint = {});

// For use in a handler: whatever is being handled.
ErrorText current_error_text();

// The same error in memory that lasts as long as the process. For use in a handler.
PgError keep(const PgError &error);

// Changes what an error on its way says; the text must stay.
void set_message(const PgError &error, const char *message);

// Makes it one of our own, with its message after `prefix`; the rest stays.
void make_own(const PgError &error, core::Code code, const char *prefix,
              const char *otherwise_hint);

// Adds to the HINT of an error on its way.
void add_hint(const PgError &error, const char *hint);

namespace detail {

// Copies the pending error and clears the error state. Null when memory for the copy ran out.
ErrorData *take_error() noexcept;

// What an exception becomes: memory of PostgreSQL only, made without raising. For use in a handler.
ErrorData *describe_current_exception() noexcept;

[[noreturn]] void raise(ErrorData *data);

}  // namespace detail

// Inward door: runs `f` and turns an ERROR into a PgError. `f` must hold and create plain data
// only: the jump lands here, below every C++ object of the caller, but above those of `f`.
template <class F>
auto call(F &&f) -> decltype(f()) {
    using Result = decltype(f());
    static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>,
                  "what crosses a longjmp must be plain data");
    MemoryContext const context = CurrentMemoryContext;
    sigjmp_buf *const outer = PG_exception_stack;
    ErrorContextCallback *const callbacks = error_context_stack;
    sigjmp_buf here;
    if (sigsetjmp(here, 0) == 0) {
        PG_exception_stack = &here;
        try {
            if constexpr (std::is_void_v<Result>) {
                f();
                PG_exception_stack = outer;
                return;
            } else {
                Result result = f();
                PG_exception_stack = outer;
                return result;
            }
        } catch (...) {  // not meant to happen, but `here` must not outlive this frame
            PG_exception_stack = outer;
            error_context_stack = callbacks;
            throw;
        }
    }
    PG_exception_stack = outer;
    error_context_stack = callbacks;
    MemoryContextSwitchTo(context);
    ErrorData *data = detail::take_error();
    if (data == nullptr) throw std::bad_alloc();
    throw PgError{data};
}

// Outward door: runs `f` and turns whatever it throws into an ERROR, raised only after the handler
// has closed (raising inside it would leak the exception). A core::Error gets its SQLSTATE of
// class MG, a PgError goes on as it was, anything else is an internal error.
template <class F>
auto enter(F &&f) -> decltype(f()) {
    ErrorData *failure = nullptr;
    try {
        return f();
    } catch (...) {
        failure = detail::describe_current_exception();
    }
    detail::raise(failure);
}

}  // namespace migrate::pg
