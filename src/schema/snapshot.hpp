// A schema at one time.
#pragma once

#include <functional>
#include <span>
#include <unordered_map>

#include "schema/object.hpp"

namespace migrate::schema {

class Snapshot {
 public:
    // The same storage for the same text, as long as the process lives: names of attributes.
    static std::string_view pooled(std::string_view name);

    Ref add(Object object);
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

    // Without those that `unwanted` names, and without what is a part of them.
    Snapshot without(const std::function<bool(const Object &)> &unwanted) const;

 private:
    struct Key {
        Kind kind;
        std::string identity;
        bool operator==(const Key &) const = default;
    };
    struct View {
        Kind kind;
        std::string_view identity;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(const View &key) const {
            return std::hash<std::string_view>()(key.identity) * 31 +
                   static_cast<std::size_t>(key.kind);
        }
        std::size_t operator()(const Key &key) const {
            return (*this)(View{key.kind, key.identity});
        }
    };
    struct Equal {
        using is_transparent = void;
        template <class A, class B>
        bool operator()(const A &a, const B &b) const {
            return a.kind == b.kind && a.identity == b.identity;
        }
    };
    std::vector<Object> objects_;
    std::unordered_map<Key, Ref, Hash, Equal> places_;
};

// Whether the two say the same.
bool equal(const Snapshot &a, const Snapshot &b);

}  // namespace migrate::schema
