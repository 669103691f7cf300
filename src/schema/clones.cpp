#include "schema/clones.hpp"

#include <algorithm>

#include "schema/heirs.hpp"

namespace migrate::schema {

namespace {

struct Clone {
    Ref origin;  // the foreign key that it is one of
    std::string name;
};

// PostgreSQL keeps the name of one that was there before, and chooses one where it is taken.
std::string name_on(const Object &link, const std::string &above) {
    auto const names = link.list(".foreign_keys");  // above, here, above, here, ...
    for (std::size_t i = 0; i + 1 < names.size(); i += 2)
        if (names[i] == above) return std::string(names[i + 1]);
    return above;
}

// Those that a partition has by this link.
std::vector<Clone> clones_by(const World &world, const Object &link) {
    std::vector<Clone> list;
    Ref const above = world.snapshot().find(Kind::table, link.get("of"));
    if (above == kNone) return list;
    for (Ref const part : world.children(above)) {
        if (world[part].kind == Kind::foreign_key) list.push_back({part, world[part].name});
        if (world[part].kind != Kind::partition) continue;
        for (Clone &clone : clones_by(world, world[part])) list.push_back(std::move(clone));
    }
    for (Clone &clone : list) clone.name = name_on(link, clone.name);
    return list;
}

Object made_of(const World &world, const Clone &clone, Ref table) {
    Object object = world[clone.origin];
    Ref const above = object.parent;
    object.name = clone.name;
    object.identity = world[table].identity + "." + clone.name;
    object.schema = world[table].schema;
    object.parent = table;
    object.remove("comment");
    object.set(".inherited", "yes");
    object.set(".clone_of", world[clone.origin].identity);
    for (Ref &need : object.needs)
        if (world[need].parent == above && world[need].kind == Kind::column)
            if (Ref const own = world.column(table, world[need].name); own != kNone) need = own;
    return object;
}

}  // namespace

std::optional<Snapshot> with_clones(const Snapshot &snapshot, const Snapshot &other) {
    std::vector<Ref> links;
    for (Ref ref = 0; ref < snapshot.size(); ref++) {
        const Object &link = snapshot[ref];
        if (link.kind != Kind::partition || is_kept(link, other)) continue;
        const Object &table = *snapshot.parent(link);
        if (other.find(table.kind, table.identity) != kNone) links.push_back(ref);
    }
    if (links.empty()) return std::nullopt;
    World const world(snapshot);
    std::vector<Object> clones;
    for (Ref const link : links)
        for (const Clone &clone : clones_by(world, world[link]))
            clones.push_back(made_of(world, clone, world[link].parent));
    if (clones.empty()) return std::nullopt;
    std::optional<Snapshot> result = snapshot;
    for (Object &clone : clones) result->add(std::move(clone));
    return result;
}

}  // namespace migrate::schema
