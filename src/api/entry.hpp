// What every SQL-callable function of ours looks like: a name that SQL knows, and a body in C++
// that gets the arguments and may throw.
#pragma once

#include "pg/result.hpp"

// MIGRATE_FUNCTION(name) { ... use `args` ...; return Datum; }
#define MIGRATE_FUNCTION(name)                                                                  \
    static Datum name##_body(const migrate::pg::Arguments &args);                               \
    extern "C" {                                                                                \
    PG_FUNCTION_INFO_V1(migrate_##name);                                                        \
    Datum migrate_##name(PG_FUNCTION_ARGS) {                                                    \
        return migrate::pg::enter([&] { return name##_body(migrate::pg::Arguments(fcinfo)); }); \
    }                                                                                           \
    }                                                                                           \
    static Datum name##_body([[maybe_unused]] const migrate::pg::Arguments &args)
