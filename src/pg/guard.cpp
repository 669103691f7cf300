#include "pg/guard.hpp"

namespace migrate::pg::detail {

namespace {

int sqlstate_of(core::Code code) noexcept {
    int const number = static_cast<int>(code);
    return MAKE_SQLSTATE('M', 'G', '0', '0' + number / 10, '0' + number % 10);
}

// Text that PostgreSQL may keep; null when memory ran out.
char *keep(std::string_view text) noexcept {
    auto *copy = static_cast<char *>(MemoryContextAllocExtended(
        CurrentMemoryContext, text.size() + 1, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE));
    if (copy != nullptr) {
        memcpy(copy, text.data(), text.size());
        copy[text.size()] = '\0';
    }
    return copy;
}

ErrorData *blank(int sqlstate) noexcept {
    auto *data = static_cast<ErrorData *>(MemoryContextAllocExtended(
        CurrentMemoryContext, sizeof(ErrorData), MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO));
    if (data != nullptr) {
        data->elevel = ERROR;
        data->sqlerrcode = sqlstate;
    }
    return data;
}

ErrorData *own(const core::Error &e) noexcept {
    ErrorData *data = blank(sqlstate_of(e.code()));
    if (data != nullptr) {
        data->message = keep(e.message());
        if (!e.detail().empty()) data->detail = keep(e.detail());
        if (!e.hint().empty()) data->hint = keep(e.hint());
    }
    return data;
}

ErrorData *internal(const char *what) noexcept {
    ErrorData *data = blank(ERRCODE_INTERNAL_ERROR);
    if (data != nullptr) data->message = keep(what);
    return data;
}

}  // namespace

ErrorData *take_error() noexcept {
    MemoryContext const context = CurrentMemoryContext;
    sigjmp_buf *const outer = PG_exception_stack;
    ErrorContextCallback *const callbacks = error_context_stack;
    sigjmp_buf here;
    ErrorData *volatile data = nullptr;
    if (sigsetjmp(here, 0) == 0) {
        PG_exception_stack = &here;
        data = CopyErrorData();
    }
    PG_exception_stack = outer;
    error_context_stack = callbacks;
    MemoryContextSwitchTo(context);
    FlushErrorState();
    return data;
}

ErrorData *describe_current_exception() noexcept {
    try {
        throw;
    } catch (const PgError &e) {
        return e.data;
    } catch (const core::LocatedError &e) {
        ErrorData *data = own(e);
        if (data != nullptr) {
            if (!e.context().empty()) data->context = keep(e.context());
            if (!e.query().empty()) data->internalquery = keep(e.query());
            data->internalpos = e.position();
        }
        return data;
    } catch (const core::Error &e) {
        return own(e);
    } catch (const std::bad_alloc &) {
        return nullptr;
    } catch (const std::exception &e) {
        return internal(e.what());
    } catch (...) {
        return internal("unknown C++ exception");
    }
}

void raise(ErrorData *data) {
    if (data == nullptr || data->message == nullptr)
        ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
    if (data->filename != nullptr) ReThrowError(data);  // it went through ereport once
    ereport(ERROR, (errcode(data->sqlerrcode), errmsg_internal("%s", data->message),
                    data->detail != nullptr ? errdetail_internal("%s", data->detail) : 0,
                    data->hint != nullptr ? errhint("%s", data->hint) : 0,
                    data->context != nullptr ? errcontext("%s", data->context) : 0,
                    data->internalquery != nullptr ? internalerrquery(data->internalquery) : 0,
                    data->internalpos > 0 ? internalerrposition(data->internalpos) : 0));
    pg_unreachable();
}

}  // namespace migrate::pg::detail

namespace migrate::pg {

void raise_again(const ErrorText &error) {
    auto field = [](const std::string &text) {
        return text.empty() ? nullptr : const_cast<char *>(text.c_str());
    };
    const char *const state = error.sqlstate.c_str();
    ErrorData data{};
    data.sqlerrcode = error.sqlstate.size() == 5
                          ? MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])
                          : ERRCODE_INTERNAL_ERROR;
    data.message = const_cast<char *>(error.message.c_str());
    data.detail = field(error.detail);
    data.hint = field(error.hint);
    data.context = field(error.context);
    call([&] { detail::raise(&data); });
    throw std::logic_error("an error was not raised");
}

void fail(const std::string &sqlstate, const std::string &message, const std::string &detail,
          const std::string &hint) {
    raise_again({sqlstate, message, detail, hint, {}, 0});
}

ErrorText current_error_text() {
    ErrorData const *data = detail::describe_current_exception();
    if (data == nullptr) return {"53200", "out of memory", {}, {}, {}, 0};
    auto text = [](const char *field) { return std::string(field != nullptr ? field : ""); };
    return {unpack_sql_state(data->sqlerrcode),
            text(data->message),
            text(data->detail),
            text(data->hint),
            text(data->context),
            data->cursorpos};
}

PgError keep(const PgError &error) {
    MemoryContext const outer = MemoryContextSwitchTo(TopMemoryContext);
    ErrorData *copy = nullptr;
    try {
        call([&] { ReThrowError(error.data); });
    } catch (const PgError &again) {
        copy = again.data;
    }
    MemoryContextSwitchTo(outer);
    return PgError{copy};
}

void set_message(const PgError &error, const char *message) {
    error.data->message = const_cast<char *>(message);
}

void make_own(const PgError &error, core::Code code, const char *prefix,
              const char *otherwise_hint) {
    error.data->sqlerrcode = detail::sqlstate_of(code);
    error.data->message = call([&] { return psprintf("%s%s", prefix, error.data->message); });
    if (error.data->hint == nullptr)
        error.data->hint = call([&] { return pstrdup(otherwise_hint); });
}

void add_hint(const PgError &error, const char *hint) {
    error.data->hint = call([&] {
        return error.data->hint != nullptr ? psprintf("%s %s", error.data->hint, hint)
                                           : pstrdup(hint);
    });
}

}  // namespace migrate::pg
