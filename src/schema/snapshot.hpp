// A schema at one time.
#pragma once

#include <functional>
#include <span>

#include "schema/object.hpp"

namespace migrate::schema {

class Snapshot {
 public:
    // The same storage for the same text, as long as the process lives: names of attributes.
    static std::string_view pooled(std::string_view name);

    Ref add(Object object);
    void reserve(std::size_t objects) { objects_.reserve(objects); }
    std::size_t size() const { return objects_.size(); }
    const Object &operator[](Ref ref) const { return objects_[ref]; }
    Object &operator[](Ref ref) { return objects_[ref]; }
    std::span<const Object> objects() const { return objects_; }

    Ref find(Kind kind, std::string_view identity) const;  // kNone when there is none
    // The parent of an object; null when it has none.
    const Object *parent(const Object &object) const {
        return object.parent == kNone ? nullptr : &objects_[object.parent];
    }
    Ref ref(const Object &object) const { return static_cast<Ref>(&object - objects_.data()); }

    // Without those that `unwanted` says, and without what is a part of them.
    Snapshot without(const std::function<bool(Ref, const Object &)> &unwanted) &&;

 private:
    // A table of places with open addressing: there are as many as objects, and no identity is
    // stored twice.
    struct Place {
        std::uint32_t hash = 0;
        Ref ref = kNone;
    };
    static std::uint32_t hash_of(Kind kind, std::string_view identity);
    void put(Place place) const;
    void index() const;

    std::vector<Object> objects_;
    // Made when it is first asked for: who only goes through the objects needs none.
    mutable std::vector<Place> places_;  // a power of two, at most half full
    mutable std::size_t indexed_ = 0;
};

// Whether the two say the same.
bool equal(const Snapshot &a, const Snapshot &b);

}  // namespace migrate::schema
