#include "schema/counting.hpp"

namespace migrate::schema {

namespace {

Ref partner(const World &world, Ref ref, const World &other) {
    return other.snapshot().find(world[ref].kind, world[ref].identity);
}

// The column that owns a sequence.
Ref owner_of(const World &world, Ref sequence) {
    for (Ref const link : world.children(sequence))
        if (world[link].kind == Kind::sequence_owner)
            for (Ref const need : world[link].needs)
                if (world[need].kind == Kind::column) return need;
    return kNone;
}

}  // namespace

Ref sequence_given_up(const World &before, Ref column, const World &after) {
    Ref const now = partner(before, column, after);
    if (now == kNone || before[column].has("identity_kind") || !after[now].has("identity_kind"))
        return kNone;
    for (Ref const link : before.dependants(column))
        if (before[link].kind == Kind::sequence_owner &&
            partner(before, before[link].parent, after) == kNone)
            return before[link].parent;
    return kNone;
}

Ref identity_given_up(const World &before, const World &after, Ref sequence) {
    if (partner(after, sequence, before) != kNone) return kNone;
    Ref const column = owner_of(after, sequence);
    Ref const old = column == kNone ? kNone : partner(after, column, before);
    bool const gives_up =
        old != kNone && before[old].has("identity_kind") && !after[column].has("identity_kind");
    return gives_up ? old : kNone;
}

}  // namespace migrate::schema
