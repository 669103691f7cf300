// The two doors (src/pg/guard.hpp) under load, and whose a cancel is (src/pg/deadline.hpp): a
// module of its own, linked with these alone.
#include "pg/deadline.hpp"
#include "pg/guard.hpp"

using migrate::pg::call;
using migrate::pg::enter;

extern "C" {
#include "utils/builtins.h"

PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(doors_throw);
PG_FUNCTION_INFO_V1(doors_catch);
PG_FUNCTION_INFO_V1(doors_nested);
PG_FUNCTION_INFO_V1(doors_deadline);
PG_FUNCTION_INFO_V1(doors_alive);
PG_FUNCTION_INFO_V1(doors_resident);
}

namespace {

long alive = 0;

// Something whose destructor must run: it owns memory and is counted.
class Guest {
 public:
    explicit Guest(int n) : text_(1000, 'x'), numbers_(100, n), name_(std::to_string(n)) {
        alive++;
    }
    Guest(const Guest &) = delete;
    ~Guest() { alive--; }
    const std::string &name() const { return name_; }

 private:
    std::string text_;
    std::vector<int> numbers_;
    std::string name_;
};

void throw_kind(const std::string &kind) {
    if (kind == "own")
        throw migrate::core::Error(migrate::core::Code::multiple_heads, "several heads " + kind,
                                   "A detail.", "A hint.");
    if (kind == "located")
        throw migrate::core::LocatedError(
            migrate::core::Error(migrate::core::Code::malformed_script, "here"), "select x", 8,
            "file \"a.sql\", line 1");
    if (kind == "memory") throw std::bad_alloc();
    if (kind == "standard") throw std::out_of_range("out of range");
    if (kind == "number") throw 42;
    if (kind == "raise")
        call([] {
            ereport(ERROR, (errcode(ERRCODE_DIVISION_BY_ZERO), errmsg("divided"),
                            errdetail("By zero."), errhint("Do not.")));
        });
    if (kind != "nothing") throw std::logic_error("the call came back");
}

// Frames with objects on both sides of a raise, several deep.
void descend(const std::string &kind, int depth) {
    Guest const guest(depth);
    std::vector<std::string> const more{guest.name(), kind};
    if (depth > 0) return descend(more.back(), depth - 1);
    throw_kind(more.back());
}

void check_cancel() {
    call([] { CHECK_FOR_INTERRUPTS(); });
}

// What a user does.
void press() {
    kill(MyProcPid, SIGINT);
}

// Statements of two kinds below a deadline: one looks for cancels, one ends without.
std::string below_deadline(const std::string &kind) {
    std::string outcome = "done";
    {
        migrate::pg::Deadline const deadline(20);
        try {
            if (kind == "user, then deadline") press();
            if (kind == "user, then deadline") check_cancel();
            for (int i = 0; i < 10; i++) pg_usleep(10000);
            if (kind == "both" || kind == "both, unnoticed") press();
            if (kind != "unnoticed" && kind != "both, unnoticed") check_cancel();
        } catch (const migrate::pg::PgError &) {
            if (kind == "user, then deadline")
                for (int i = 0; i < 10; i++) pg_usleep(10000);
            if (kind == "deadline, then user") press();
            outcome = deadline.has_passed() ? "late" : "cancelled";
            if (kind == "deadline, then user later") press();
        }
    }
    try {
        check_cancel();
        return outcome;
    } catch (const migrate::pg::PgError &) {
        return outcome + ", cancelled";
    }
}

std::string text_argument(FunctionCallInfo fcinfo) {
    auto *text = call([&] { return PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0)); });
    return std::string(VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text));
}

}  // namespace

extern "C" {

// Lets an exception out of a C++ function: it must arrive as an ERROR.
Datum doors_throw(PG_FUNCTION_ARGS) {
    return enter([&]() -> Datum {
        descend(text_argument(fcinfo), 5);
        PG_RETURN_VOID();
    });
}

// Raises and catches n times inside one call; returns how often it was caught.
Datum doors_catch(PG_FUNCTION_ARGS) {
    return enter([&]() -> Datum {
        std::string const kind = text_argument(fcinfo);
        int const n = PG_GETARG_INT32(1);
        int caught = 0;
        MemoryContext const memory = call([] {
            return AllocSetContextCreate(CurrentMemoryContext, "doors", ALLOCSET_DEFAULT_SIZES);
        });
        MemoryContext const outer = MemoryContextSwitchTo(memory);
        for (int i = 0; i < n; i++) {
            sigjmp_buf *const stack = PG_exception_stack;
            ErrorContextCallback *const callbacks = error_context_stack;
            try {
                descend(kind, 5);
            } catch (...) {
                caught++;
            }
            if (PG_exception_stack != stack || error_context_stack != callbacks)
                throw std::logic_error("a stack of PostgreSQL was left behind");
            call([&] { MemoryContextReset(memory); });
        }
        MemoryContextSwitchTo(outer);
        call([&] { MemoryContextDelete(memory); });
        PG_RETURN_INT32(caught);
    });
}

// PostgreSQL under C++ under PostgreSQL: the inner ERROR crosses both doors twice.
Datum doors_nested(PG_FUNCTION_ARGS) {
    return enter([&]() -> Datum {
        Guest const outer_guest(1);
        Datum const kind = PG_GETARG_DATUM(0);
        call([&] { DirectFunctionCall1(doors_throw, kind); });
        PG_RETURN_VOID();
    });
}

// What became of a statement with a deadline, and of the next one.
Datum doors_deadline(PG_FUNCTION_ARGS) {
    return enter([&]() -> Datum {
        std::string const outcome = below_deadline(text_argument(fcinfo));
        return call([&] {
            return PointerGetDatum(
                cstring_to_text_with_len(outcome.data(), static_cast<int>(outcome.size())));
        });
    });
}

Datum doors_alive(PG_FUNCTION_ARGS) {
    PG_RETURN_INT64(alive);
}

// Resident memory of this backend in kB.
Datum doors_resident(PG_FUNCTION_ARGS) {
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == nullptr || fscanf(file, "%ld %ld", &total, &resident) != 2) resident = 0;
    if (file != nullptr) fclose(file);
    PG_RETURN_INT64(resident * (sysconf(_SC_PAGESIZE) / 1024));
}
}
