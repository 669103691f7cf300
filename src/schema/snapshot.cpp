#include "schema/snapshot.hpp"

#include <algorithm>
#include <unordered_set>

namespace migrate::schema {

std::string_view Snapshot::pooled(std::string_view name) {
    // Nodes of a set stay where they are.
    static std::unordered_set<std::string> names;
    return *names.emplace(name).first;
}

Ref Snapshot::add(Object object) {
    Ref const ref = static_cast<Ref>(objects_.size());
    places_.emplace(Key{object.kind, object.identity}, ref);
    objects_.push_back(std::move(object));
    return ref;
}

Ref Snapshot::find(Kind kind, std::string_view identity) const {
    auto const found = places_.find(View{kind, identity});
    return found == places_.end() ? kNone : found->second;
}

Snapshot Snapshot::without(const std::function<bool(const Object &)> &unwanted) const {
    std::vector<char> out(objects_.size());
    for (Ref ref = 0; ref < objects_.size(); ref++) out[ref] = unwanted(objects_[ref]);
    auto const gone = [&](Ref ref) {
        for (; ref != kNone; ref = objects_[ref].parent)
            if (out[ref]) return true;
        return false;
    };
    std::vector<Ref> moved(objects_.size(), kNone);
    Snapshot result;
    for (Ref ref = 0; ref < objects_.size(); ref++)
        if (!gone(ref)) moved[ref] = result.add(objects_[ref]);
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
