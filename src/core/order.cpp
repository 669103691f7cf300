// Alembic's algorithm keeps the list of current tips with the set of all ancestors of each. The
// tip at hand is blocked when it is an ancestor of another one; then the first such tip in the list
// is next. Its sets make it quadratic. Here a node counts what is still above it, so that "blocked"
// costs nothing, and "the first tip above" is found by a lazy search that remembers what it found:
// as tips only move down and new ones go to the end of the list, the answer for a node only grows.
#include "core/order.hpp"

#include <algorithm>
#include <optional>
#include <queue>
#include <unordered_map>

namespace migrate::core {

namespace {

using Slot = std::uint32_t;  // a place in the list of tips
constexpr Slot no_slot = UINT32_MAX;

// The first place in the list that is at or above some node, and who was there when we looked.
struct First {
    Slot slot = no_slot;
    Node tip = no_node;
};

struct Way {
    Slot slot;  // a lower bound
    Node via;
    bool operator>(const Way &other) const {
        return slot != other.slot ? slot > other.slot : via > other.via;
    }
};
using Ways = std::priority_queue<Way, std::vector<Way>, std::greater<>>;

// The list itself. A place keeps its rank for ever, so a linked list is enough.
struct List {
    explicit List(const Nodes &tips) : tip(tips), before(tips.size()), after(tips.size()) {
        for (Slot s = 0; s < tips.size(); ++s) {
            before[s] = s == 0 ? no_slot : s - 1;
            after[s] = s + 1 == tips.size() ? no_slot : s + 1;
        }
        if (tips.empty()) return;
        head = 0;
        last = static_cast<Slot>(tips.size() - 1);
    }
    Slot append(Node n) {
        const auto fresh = static_cast<Slot>(tip.size());
        tip.push_back(n);
        before.push_back(last);
        after.push_back(no_slot);
        after[last] = fresh;
        last = fresh;
        return fresh;
    }
    // Returns the place before, or else the new first one. The links of what went still lead on.
    Slot remove(Slot s) {
        const Slot previous = before[s], next = after[s];
        (previous == no_slot ? head : after[previous]) = next;
        (next == no_slot ? last : before[next]) = previous;
        tip[s] = no_node;
        return previous != no_slot ? previous : head;
    }

    Nodes tip;
    std::vector<Slot> before, after;
    Slot head = no_slot, last = no_slot;
};

// The first edge down of each node makes a forest; there "above" is a comparison of two numbers.
class Forest {
 public:
    explicit Forest(const Graph &graph) : first_(graph.size(), 0), end_(graph.size(), 0) {
        Edges down;
        Nodes stack;
        for (Node n = 0; n < graph.size(); ++n) {
            const NodeView all = graph.downs(n);
            down.append(all.first(all.empty() ? 0 : 1));
            if (all.empty()) stack.push_back(n);
        }
        const Edges up = down.reversed();
        Nodes order;
        while (!stack.empty()) {
            const Node n = stack.back();
            stack.pop_back();
            first_[n] = static_cast<std::uint32_t>(order.size());
            order.push_back(n);
            for (Node next : up[n]) stack.push_back(next);
        }
        for (auto n = order.rbegin(); n != order.rend(); ++n) {
            end_[*n] = std::max(end_[*n], first_[*n] + 1);
            for (Node below : down[*n]) end_[below] = std::max(end_[below], end_[*n]);
        }
    }
    bool above(Node high, Node low) const {
        return high != low && first_[low] <= first_[high] && first_[high] < end_[low];
    }

 private:
    std::vector<std::uint32_t> first_, end_;
};

class Tips {
 public:
    Tips(const Graph &graph, const NodeSet &todo, const NodeSet &region)
        : graph_(graph), todo_(todo), above_(graph.size(), 0), slot_of_(graph.size(), no_slot) {
        for (Node n : region.nodes())
            for (Node down : graph.all_down(n)) ++above_[down];
    }

    bool waits(Node n) const { return todo_.contains(n); }
    bool listed(Node n) const { return slot_of_[n] != no_slot; }
    bool blocked(Node n) const { return above_[n] > 0; }
    Slot slot(Node n) const { return slot_of_[n]; }
    void place(Node n, Slot slot) { slot_of_[n] = slot; }

    // Nodes outside of `todo` only carry the order through; they go when nothing is above them.
    void emit(Node n) {
        todo_.erase(n);
        slot_of_[n] = no_slot;
        Nodes gone{n};
        while (!gone.empty()) {
            const Node g = gone.back();
            gone.pop_back();
            for (Node down : graph_.all_down(g))
                if (--above_[down] == 0 && !todo_.contains(down)) gone.push_back(down);
        }
    }

    // The first tip above a blocked node.
    Slot first_above(Node n, const List &list) {
        if (!forest_) forest_.emplace(graph_);
        if (const auto at = found_.find(n); at != found_.end()) {
            // Nothing earlier than the last answer will do; often the next one in the list does.
            Slot &slot = at->second.first.slot;
            while (slot != no_slot && (list.tip[slot] == no_node || list.tip[slot] == n))
                slot = list.after[slot];
            if (slot != no_slot && forest_->above(list.tip[slot], n)) {
                at->second.first.tip = list.tip[slot];
                return slot;
            }
            at->second.first = {};
        }
        Nodes path{n};
        while (!path.empty()) {
            const Node at = path.back();
            const Node need = refresh(at);
            if (need == no_node)
                path.pop_back();
            else
                path.push_back(need);
        }
        return found_[n].first.slot;
    }

 private:
    struct Search {
        First first;
        Ways ways;
    };

    bool alive(Node n) const { return todo_.contains(n) || above_[n] > 0; }

    // What is known of the first tip at or above the node; nothing when it has to be looked for.
    const First *known(Node n, First &own) {
        own = {slot_of_[n], n};
        if (above_[n] == 0) return &own;
        const auto at = found_.find(n);
        if (at == found_.end()) return nullptr;
        const First &first = at->second.first;
        if (first.slot != no_slot && slot_of_[first.tip] != first.slot) return nullptr;
        return own.slot < first.slot ? &own : &first;
    }

    // Brings the answer for one node up to date, or returns the node that has to be done before.
    Node refresh(Node n) {
        auto [at, fresh] = found_.try_emplace(n);
        Search &search = at->second;
        if (fresh)
            for (Node next : graph_.all_next(n))
                if (alive(next)) search.ways.push({0, next});
        while (!search.ways.empty()) {
            const Way way = search.ways.top();
            if (!alive(way.via)) {
                search.ways.pop();
                continue;
            }
            First own;
            const First *first = known(way.via, own);
            if (first == nullptr) return way.via;
            if (first->slot == way.slot) {
                search.first = *first;
                return no_node;
            }
            const Way better{first->slot, way.via};
            search.ways.pop();
            search.ways.push(better);
        }
        search.first = {};
        return no_node;
    }

    const Graph &graph_;
    NodeSet todo_;
    std::vector<std::uint32_t> above_;  // how many nodes of the region are still above
    std::vector<Slot> slot_of_;
    std::unordered_map<Node, Search> found_;
    std::optional<Forest> forest_;
};

// The tips to start from. What cannot be reached from them within `todo` (there Alembic fails an
// assertion) gets tips of its own.
Nodes all_tips(const Graph &graph, const NodeSet &todo, NodeView tips) {
    NodeSet out(graph.size());
    NodeSet reached(graph.size());
    Nodes stack;
    auto visit = [&](Node n) {
        if (todo.contains(n) && reached.insert(n)) stack.push_back(n);
    };
    for (Node tip : tips) {
        if (todo.contains(tip)) out.insert(tip);
        visit(tip);
    }
    while (!stack.empty()) {
        const Node n = stack.back();
        stack.pop_back();
        for (Node down : graph.downs(n)) visit(down);
    }
    if (reached.size() == todo.size()) return out.nodes();
    NodeSet below(graph.size());
    const Nodes all = todo.nodes();
    for (Node n : all)
        if (!reached.contains(n))
            for (Node down : graph.downs(n)) below.insert(down);
    for (Node n : all)
        if (!reached.contains(n) && !below.contains(n)) out.insert(n);
    return out.nodes();
}

}  // namespace

Nodes newest_first(const Graph &graph, const NodeSet &todo, NodeView tips) {
    const Nodes start = all_tips(graph, todo, tips);
    Tips state(graph, todo, graph.ancestors(start));

    List list(start);
    for (Slot s = 0; s < start.size(); ++s) state.place(start[s], s);

    Nodes out;
    out.reserve(todo.size());
    Nodes below;
    for (Slot at = list.head; at != no_slot;) {
        const Node tip = list.tip[at];
        if (state.blocked(tip)) {
            at = state.first_above(tip, list);
            continue;
        }
        out.push_back(tip);
        state.emit(tip);
        below.clear();
        for (Node down : graph.downs(tip))
            if (state.waits(down) && !state.listed(down)) below.push_back(down);
        if (below.empty()) {
            at = list.remove(at);
            continue;
        }
        list.tip[at] = below[0];
        state.place(below[0], at);
        for (std::size_t i = 1; i < below.size(); ++i) state.place(below[i], list.append(below[i]));
    }
    return out;
}

}  // namespace migrate::core
