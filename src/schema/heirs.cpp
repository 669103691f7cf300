#include "schema/heirs.hpp"

namespace migrate::schema {

Ref same_of_parent(const World &world, const Object &link, const Object &part) {
    for (Kind const kind : {Kind::table, Kind::foreign_table}) {
        Ref const table = world.snapshot().find(kind, link.get("of"));
        if (table == kNone) continue;
        for (Ref const same : world.children(table))
            if (world[same].kind == part.kind && world[same].name == part.name) return same;
    }
    return kNone;
}

bool is_kept(const Object &link, const Snapshot &other) {
    Ref const same = other.find(link.kind, link.identity);
    return same != kNone && differences(link, other[same]).empty();
}

Ref inherited_from(const World &world, const World &other, Ref part) {
    const Object &object = world[part];
    if (!object.has(".inherited")) return kNone;
    for (Ref const child : world.children(object.parent)) {
        const Object &link = world[child];
        if (!links_tables(link.kind)) continue;
        if (!is_kept(link, other)) continue;
        if (Ref const same = same_of_parent(world, link, object); same != kNone) return same;
    }
    return kNone;
}

Ref attribute_of(const World &world, Ref column) {
    const Object &object = world[column];
    if (object.kind != Kind::column || !world[object.parent].has("of_type")) return kNone;
    Ref const type = world.snapshot().find(Kind::composite, world[object.parent].get("of_type"));
    return type == kNone ? kNone : world.column(type, object.name);
}

Ref brought_by(const World &world, const World &other, Ref part) {
    const Object &object = world[part];
    if (!object.has(".inherited") || object.has(".in_partition")) return kNone;
    if (inherited_from(world, other, part) != kNone) return kNone;
    const Object &table = world[object.parent];
    if (other.snapshot().find(table.kind, table.identity) == kNone) return kNone;
    for (Ref const child : world.children(object.parent))
        if (world[child].kind == Kind::inheritance &&
            same_of_parent(world, world[child], object) != kNone)
            return child;
    return kNone;
}

bool is_in_key(const Object &table, std::string_view column) {
    std::string_view const key = table.get("partition_by");
    for (std::size_t at = key.find(column); at != std::string_view::npos;
         at = key.find(column, at + 1)) {
        std::size_t const end = at + column.size();
        if (at > 0 && (key[at - 1] == '(' || key[at - 1] == ' ') &&
            (end == key.size() || key[end] == ')' || key[end] == ',' || key[end] == ' '))
            return true;
    }
    return false;
}

bool is_own_index(const World &world, Ref link, Ref index) {
    const Object &object = world[index];
    return object.parent == world[link].parent &&
           (object.identity == world[link].get("index") ||
            object.get(".index") == world[link].get("index"));
}

Ref index_above(const World &world, Ref link) {
    if (link != kNone)
        for (Ref const need : world[link].needs)
            if (!is_own_index(world, link, need) && !world[need].get(".index").empty()) return need;
    return kNone;
}

Ref own_link(const World &world, Ref index) {
    for (Ref const link : world.dependants(index))
        if (world[link].kind == Kind::index_partition && is_own_index(world, link, index))
            return link;
    return kNone;
}

}  // namespace migrate::schema
