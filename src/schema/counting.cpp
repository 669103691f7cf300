#include "schema/counting.hpp"

namespace migrate::schema {

namespace {

Ref partner(const World &world, Ref ref, const World &other) {
    return other.snapshot().find(world[ref].kind, world[ref].identity);
}

// "nextval('s'::regclass)", and nothing around it.
bool is_next_value(std::string_view expression) {
    constexpr std::string_view kBegin = "nextval('";
    constexpr std::string_view kEnd = "'::regclass)";
    return expression.starts_with(kBegin) && expression.ends_with(kEnd) &&
           expression.find("::", kBegin.size()) == expression.size() - kEnd.size() + 1;
}

}  // namespace

Ref counted_with(const World &world, Ref column) {
    Ref const value = world.default_of(column);
    if (value == kNone || !is_next_value(world[value].get("expression"))) return kNone;
    for (Ref const need : world[value].needs)
        if (world[need].kind == Kind::sequence) return need;
    return kNone;
}

Ref sequence_given_up(const World &before, Ref column, const World &after) {
    Ref const sequence = counted_with(before, column);
    if (sequence == kNone || partner(before, sequence, after) != kNone) return kNone;
    Ref const now = partner(before, column, after);
    return now != kNone && after[now].has("identity_kind") ? sequence : kNone;
}

Ref identity_given_up(const World &before, const World &after, Ref sequence) {
    if (partner(after, sequence, before) != kNone) return kNone;
    for (Ref const user : after.dependants(sequence)) {
        if (after[user].kind != Kind::default_value) continue;
        Ref const column = after.column(after[user].parent, after[user].name);
        Ref const old = column == kNone ? kNone : partner(after, column, before);
        if (old != kNone && before[old].has("identity_kind") &&
            !after[column].has("identity_kind") && counted_with(after, column) == sequence)
            return old;
    }
    return kNone;
}

}  // namespace migrate::schema
