// Functions, procedures and aggregates.
#include <fmt/format.h>

#include <cstdlib>

#include "schema/render_kinds.hpp"

namespace migrate::schema {

namespace {

// What CREATE OR REPLACE does not change: the result, names of arguments, defaults that go.
bool is_replaceable(const Pair &pair) {
    if (pair.differs("result") || pair.differs(".types")) return false;
    auto const before = pair.from.list(".names");
    auto const after = pair.to.list(".names");
    if (before != after) {
        bool const was_unnamed = before.size() == 1 && before[0].empty();
        if (!was_unnamed) return false;
    }
    auto const defaults = [](const Object &o) { return std::atoi(o.get(".defaults").c_str()); };
    return defaults(pair.to) >= defaults(pair.from);
}

std::string replacing(const Object &object, bool replace) {
    std::string text = object.get("definition");  // CREATE OR REPLACE FUNCTION ...
    if (!replace) text.replace(0, sizeof("CREATE OR REPLACE ") - 1, "CREATE ");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
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
            pair.script.add(replacing(pair.to, true));
    }
    return true;
}

}  // namespace migrate::schema
