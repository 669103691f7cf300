#include "schema/snapshot.hpp"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace migrate::schema {

std::string_view Snapshot::pooled(std::string_view name) {
    // Nodes of a set stay where they are.
    static std::unordered_set<std::string> names;
    return *names.emplace(name).first;
}

std::uint32_t Snapshot::hash_of(Kind kind, std::string_view identity) {
    std::uint64_t const hash = std::hash<std::string_view>()(identity);
    return static_cast<std::uint32_t>(hash >> 32 ^ hash) * 31 + static_cast<std::uint32_t>(kind);
}

void Snapshot::put(Place place) const {
    std::size_t const mask = places_.size() - 1;
    std::size_t at = place.hash & mask;
    while (places_[at].ref != kNone) at = (at + 1) & mask;
    places_[at] = place;
}

void Snapshot::index() const {
    if (places_.size() < 2 * objects_.size()) {
        std::vector<Place> old(std::max<std::size_t>(64, std::bit_ceil(2 * objects_.size())));
        old.swap(places_);
        for (Place const &place : old)
            if (place.ref != kNone) put(place);
    }
    for (; indexed_ < objects_.size(); indexed_++) {
        const Object &object = objects_[indexed_];
        put({hash_of(object.kind, object.identity), static_cast<Ref>(indexed_)});
    }
}

Ref Snapshot::add(Object object) {
    objects_.push_back(std::move(object));
    return static_cast<Ref>(objects_.size() - 1);
}

// Of two that are the same, it gives the first.
Ref Snapshot::find(Kind kind, std::string_view identity) const {
    if (objects_.empty()) return kNone;
    if (indexed_ < objects_.size()) index();
    std::uint32_t const hash = hash_of(kind, identity);
    std::size_t const mask = places_.size() - 1;
    Ref found = kNone;
    for (std::size_t at = hash & mask; places_[at].ref != kNone; at = (at + 1) & mask) {
        if (places_[at].hash != hash) continue;
        Ref const ref = places_[at].ref;
        const Object &object = objects_[ref];
        if (object.kind == kind && object.identity == identity) found = std::min(found, ref);
    }
    return found;
}

Snapshot Snapshot::without(const std::function<bool(Ref, const Object &)> &unwanted) && {
    std::vector<char> out(objects_.size());
    for (Ref ref = 0; ref < objects_.size(); ref++) out[ref] = unwanted(ref, objects_[ref]);
    if (std::find(out.begin(), out.end(), true) == out.end()) return std::move(*this);
    auto const gone = [&](Ref ref) {
        for (; ref != kNone; ref = objects_[ref].parent)
            if (out[ref]) return true;
        return false;
    };
    for (Ref ref = 0; ref < objects_.size(); ref++) out[ref] = gone(ref);
    std::vector<Ref> moved(objects_.size(), kNone);
    Snapshot result;
    for (Ref ref = 0; ref < objects_.size(); ref++)
        if (!out[ref]) moved[ref] = result.add(std::move(objects_[ref]));
    for (Object &object : result.objects_) {
        if (object.parent != kNone) object.parent = moved[object.parent];
        for (Ref &need : object.needs) need = moved[need];
        std::erase(object.needs, kNone);
    }
    return result;
}

bool equal(const Snapshot &a, const Snapshot &b) {
    if (a.size() != b.size()) return false;
    return std::all_of(a.objects().begin(), a.objects().end(), [&](const Object &object) {
        Ref const other = b.find(object.kind, object.identity);
        return other != kNone && differences(object, b[other]).empty();
    });
}

}  // namespace migrate::schema
