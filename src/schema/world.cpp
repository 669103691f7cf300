#include "schema/world.hpp"

#include <algorithm>

namespace migrate::schema {

World::World(const Snapshot &snapshot)
    : snapshot_(snapshot),
      children_(snapshot.size()),
      dependants_(snapshot.size()),
      heirs_(snapshot.size()) {
    for (Ref ref = 0; ref < snapshot.size(); ref++) {
        const Object &object = snapshot[ref];
        if (object.parent != kNone) children_[object.parent].push_back(ref);
        for (Ref const need : object.needs) dependants_[need].push_back(ref);
        if (!links_tables(object.kind)) continue;
        for (Ref const need : object.needs)
            if (need != object.parent) heirs_[need] = true;
    }
    for (auto &list : children_)
        std::stable_sort(list.begin(), list.end(),
                         [&](Ref a, Ref b) { return snapshot[a].position < snapshot[b].position; });
}

bool World::needs(Ref ref, Ref other) const {
    auto const &list = snapshot_[ref].needs;
    return std::find(list.begin(), list.end(), other) != list.end();
}

Ref World::column(Ref table, std::string_view name) const {
    for (Ref const child : children_[table]) {
        const Object &object = snapshot_[child];
        if ((object.kind == Kind::column || object.kind == Kind::attribute) && object.name == name)
            return child;
    }
    return kNone;
}

Ref World::default_of(Ref column) const {
    return snapshot_.find(Kind::default_value, snapshot_[column].identity);
}

}  // namespace migrate::schema
