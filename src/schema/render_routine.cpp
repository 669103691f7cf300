// Functions, procedures and aggregates.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "schema/render_kinds.hpp"

namespace migrate::schema {

namespace {

// CREATE OR REPLACE changes neither the result nor names of inputs, which may get one where they
// have none; no default goes. (ProcedureCreate() of the server has these rules.)
bool is_replaceable(const Pair &pair) {
    if (pair.differs(".result")) return false;
    auto const before = pair.from.list(".inputs");
    auto const after = pair.to.list(".inputs");
    if (!std::equal(
            before.begin(), before.end(), after.begin(), after.end(),
            [](std::string_view from, std::string_view to) { return from.empty() || from == to; }))
        return false;
    auto const defaults = [](const Object &o) { return std::atoi(o.get(".defaults").c_str()); };
    if (pair.from.has(".any_defaults") && pair.differs(".any_defaults")) return false;
    return defaults(pair.to) >= defaults(pair.from);
}

std::string replacing(const Object &object, bool replace) {
    std::string text = object.get("definition");  // CREATE OR REPLACE FUNCTION ...
    if (!replace) text.replace(0, sizeof("CREATE OR REPLACE ") - 1, "CREATE ");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// What PostgreSQL has computed with a function stays as it is when the function does not.
std::vector<Hazard> hazards_of_another_body(const Pair &pair) {
    std::vector<Hazard> hazards;
    for (Ref const ref : pair.before.dependants(pair.before.snapshot().ref(pair.from))) {
        const Object &user = pair.before[ref];
        if (pair.after.snapshot().find(user.kind, user.identity) == kNone) continue;
        if (user.kind == Kind::index)
            hazards.push_back(
                {Risk::breaks_code,
                 fmt::format("{} holds what it has given so far: REINDEX it.", user.identity)});
        else if (user.kind == Kind::column && user.has("generated"))
            hazards.push_back({Risk::breaks_code,
                               fmt::format("{} keeps what it has given so far.", user.identity)});
        else if (user.kind == Kind::constraint || user.kind == Kind::domain_constraint)
            hazards.push_back({Risk::breaks_code,
                               fmt::format("Rows that are there are not checked against {} again.",
                                           user.identity)});
    }
    return hazards;
}

}  // namespace

void create_routine(const Object &object, Script &script) {
    if (object.kind == Kind::aggregate)
        script.add(fmt::format("CREATE AGGREGATE {} (\n    {}\n)", object.get("signature"),
                               fmt::join(object.list("definition"), ",\n    ")));
    else
        script.add(replacing(object, false));
}

bool alter_routine(const Pair &pair) {
    if (pair.differs("signature")) return false;
    if (!is_replaceable(pair)) return false;
    if (pair.differs("definition")) {
        if (pair.to.kind == Kind::aggregate)
            pair.script.add(fmt::format("CREATE OR REPLACE AGGREGATE {} (\n    {}\n)",
                                        pair.to.get("signature"),
                                        fmt::join(pair.to.list("definition"), ",\n    ")));
        else
            pair.script.add(replacing(pair.to, true), hazards_of_another_body(pair));
    }
    return true;
}

}  // namespace migrate::schema
