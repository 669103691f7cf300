#include "schema/heirs.hpp"

namespace migrate::schema {

Ref inherited_from(const World &world, const World &other, Ref part) {
    const Object &object = world[part];
    if (!object.has(".inherited")) return kNone;
    for (Ref const child : world.children(object.parent)) {
        const Object &link = world[child];
        if (link.kind != Kind::inheritance && link.kind != Kind::partition) continue;
        if (other.snapshot().find(link.kind, link.identity) == kNone) continue;
        Ref const table = world.snapshot().find(Kind::table, link.get("of"));
        if (table == kNone) continue;
        for (Ref const same : world.children(table))
            if (world[same].kind == object.kind && world[same].name == object.name) return same;
    }
    return kNone;
}

bool is_own_index(const World &world, Ref link, Ref index) {
    const Object &object = world[index];
    return object.parent == world[link].parent &&
           (object.identity == world[link].get("index") ||
            object.get(".index") == world[link].get("index"));
}

}  // namespace migrate::schema
