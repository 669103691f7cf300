#include "schema/plan.hpp"

#include <algorithm>
#include <unordered_map>

#include "schema/counting.hpp"
#include "schema/heirs.hpp"
#include "schema/names.hpp"
#include "schema/render.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

constexpr int kDropRank = 0;
constexpr int kChangeRank = 1000;

int rank_of(Kind kind) {
    return static_cast<int>(kind);
}

}  // namespace

Graph::Graph(const World &before, const World &after, const Changes &changes)
    : before_(before),
      after_(after),
      changes_(changes),
      drop_(before.size(), kNoNode),
      alter_(before.size(), kNoNode),
      finish_(before.size(), kNoNode),
      create_(after.size(), kNoNode),
      copy_(after.size(), kNoNode) {
    add_nodes();
    order_old();
    order_new();
    order_swaps();
    order_names();
    order_counts();
    order_index_partitions();
    order_heirs();
    order_detachments();
    order_attachments();
    order_persistence();
    order_fills();
}

NodeId Graph::add(Stage stage, Ref ref, int rank) {
    nodes_.push_back({stage, ref, rank, {}, {}});
    return static_cast<NodeId>(nodes_.size() - 1);
}

void Graph::order(NodeId earlier, NodeId later) {
    if (earlier == kNoNode || later == kNoNode || earlier == later) return;
    auto &before = nodes_[later].before;
    auto &after = nodes_[earlier].after;
    // Whatever stands in a schema comes before its end: the shorter list tells.
    bool const known = before.size() < after.size()
                           ? std::find(before.begin(), before.end(), earlier) != before.end()
                           : std::find(after.begin(), after.end(), later) != after.end();
    if (known) return;
    before.push_back(earlier);
    after.push_back(later);
}

void Graph::add_nodes() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        int const rank = rank_of(before_[ref].kind);
        switch (changes_.of_old(ref)) {
            case Act::swap:
                if (!changes_.moves_by_text(ref))
                    finish_[ref] = add(Stage::finish, ref, kChangeRank + static_cast<int>(kKinds));
                [[fallthrough]];
            case Act::drop:
            case Act::replace:
                drop_[ref] = add(Stage::drop, ref, kDropRank - rank);
                break;
            case Act::alter:
                alter_[ref] = add(Stage::alter, ref, kChangeRank + rank);
                break;
            default:
                break;
        }
    }
    for (Ref ref = 0; ref < after_.size(); ref++) {
        Act const act = changes_.of_new(ref);
        int const rank = kChangeRank + (calls_a_function(ref) ? static_cast<int>(kKinds)
                                                              : rank_of(after_[ref].kind));
        if (act == Act::create || act == Act::replace || act == Act::swap)
            create_[ref] = add(Stage::create, ref, rank);
        if (act == Act::swap && after_[ref].kind == Kind::table)
            copy_[ref] = add(Stage::copy, ref, rank);
    }
}

// A function that is called at once may look at whatever is there in the end.
bool Graph::calls_a_function(Ref recent) const {
    auto const is_function = [&](Ref need) { return after_[need].kind == Kind::function; };
    auto const calls = [&](Ref ref) {
        return std::any_of(after_[ref].needs.begin(), after_[ref].needs.end(), is_function);
    };
    const Object &object = after_[recent];
    if (object.kind == Kind::domain_constraint) return calls(recent);
    if (object.kind != Kind::column || changes_.of_new(object.parent) == Act::create) return false;
    Ref const value = after_.default_of(recent);
    return value != kNone && calls(value);
}

// When the old object is no longer there.
NodeId Graph::gone(Ref old) const {
    return finish_[old] != kNoNode ? finish_[old] : drop_[old];
}

NodeId Graph::altered_of_new(Ref recent) const {
    Ref const old = changes_.then(recent);
    return old == kNone ? kNoNode : alter_[old];
}

// Dropped for good, and nothing takes its name.
bool Graph::can_wait(Ref old) const {
    if (drop_[old] == kNoNode || changes_.of_old(old) != Act::drop) return false;
    auto const names = taken_names(before_, old);
    return std::none_of(names.begin(), names.end(),
                        [&](const std::string &name) { return wanted_.count(name) != 0; });
}

void Graph::find_wanted() {
    for (Ref ref = 0; ref < after_.size(); ref++) {
        if (create_[ref] != kNoNode)
            for (std::string &name : taken_names(after_, ref)) wanted_.insert(std::move(name));
        if (after_[ref].kind == Kind::column && after_[ref].has(".sequence"))
            wanted_.insert("relation " + after_[ref].get(".sequence"));
    }
}

void Graph::order_old() {
    bool const swaps =
        std::any_of(finish_.begin(), finish_.end(), [](NodeId node) { return node != kNoNode; });
    if (swaps) find_wanted();
    for (Ref ref = 0; ref < before_.size(); ref++) {
        auto const add_edge = [&](Ref need) {
            Ref const parent = before_[ref].parent;
            // Parts of what is swapped stay with it until the end, and what they need with them.
            bool const in_swap =
                parent != kNone && finish_[parent] != kNoNode && !links_tables(before_[ref].kind);
            if (in_swap && parent != need) {
                if (can_wait(need)) return order(finish_[parent], drop_[need]);
                if (before_[ref].kind == Kind::column &&
                    (alter_[need] != kNoNode || changes_.moves_by_text(need)))
                    return;
            }
            // So does a column with the old type.
            bool stays = finish_[need] != kNoNode && !links_tables(before_[ref].kind) &&
                         (in_swap || finish_[ref] != kNoNode ||
                          (parent != kNone && (before_[ref].kind == Kind::column ||
                                               before_[ref].kind == Kind::attribute)));
            // So does a partition that goes for good, until its rows have moved.
            if (links_tables(before_[ref].kind) && finish_[need] != kNoNode)
                stays = changes_.of_old(before_[ref].parent) == Act::drop;
            order(gone(ref), stays ? finish_[need] : drop_[need]);
            if (stays && parent != kNone && parent != need) order(gone(parent), finish_[need]);
            order(gone(ref), alter_[need]);
            if (finish_[ref] != kNoNode) order(finish_[ref], finish_[need]);
            if (alter_[ref] == kNoNode) return;
            // Computed no longer from what gets another type.
            if (before_[ref].has("generated") && !after_[changes_.now(ref)].has("generated") &&
                before_[need].kind == Kind::column)
                order(alter_[ref], alter_[need]);
            if (changes_.is_converted(ref) && before_[need].kind != Kind::collation &&
                drop_[need] != kNoNode && finish_[need] == kNoNode) {
                // By way of text, and so does nothing else see it with its old type.
                order(drop_[need], alter_[ref]);
                for (Ref const user : before_.dependants(ref)) order(gone(user), drop_[need]);
            } else if (finish_[need] != kNoNode)
                order(alter_[ref], finish_[need]);
            else if (drop_[need] != kNoNode)
                order(alter_[ref], drop_[need]);
        };
        for (Ref const need : before_[ref].needs) add_edge(need);
        if (before_[ref].parent != kNone) add_edge(before_[ref].parent);
        if (before_[ref].kind == Kind::sequence_owner) order_users(ref);
    }
}

// A sequence goes with its column, which others may count with, too.
void Graph::order_users(Ref link) {
    Ref const sequence = before_[link].parent;
    if (drop_[sequence] == kNoNode) return;
    for (Ref const column : before_[link].needs)
        for (Ref const user : before_.dependants(sequence)) {
            if (before_[column].kind != Kind::column || user == link) continue;
            Ref const table = before_[column].parent;
            if (before_[user].parent == table) continue;
            for (NodeId const node : {drop_[column], drop_[table]}) {
                order(gone(user), node);
                order(alter_[user], node);
            }
        }
}

// A table that becomes a typed one, and gets a new attribute as a column by that.
bool Graph::gets_from_type(Ref table, Ref attribute) const {
    Ref const old = changes_.then(table);
    return old != kNone && after_[table].kind == Kind::table && alter_[old] != kNoNode &&
           after_[table].has("of_type") && !before_[old].has("of_type") &&
           before_.column(old, after_[attribute].name) == kNone;
}

void Graph::order_new() {
    for (Ref ref = 0; ref < after_.size(); ref++) {
        // CREATE TABLE has the columns of a key in it, with their types.
        if (after_[ref].kind == Kind::table && create_[ref] != kNoNode)
            for (Ref const column : after_.children(ref))
                if (after_[column].kind == Kind::column &&
                    is_in_key(after_[ref], after_[column].name))
                    for (Ref const need : after_[column].needs)
                        if (need != ref && after_[need].parent != ref)
                            order(create_[need], create_[ref]);
        auto const add_edge = [&](Ref need) {
            NodeId const altered = altered_of_new(need);
            for (NodeId const mine : {create_[ref], altered_of_new(ref)}) {
                order(create_[need], mine);
                order(altered, mine);
                // A row type is not whole before it has all it is made of.
                if (after_[need].kind == Kind::composite && after_[ref].parent != need)
                    for (Ref const attribute : after_.children(need)) {
                        bool const later = gets_from_type(ref, attribute);
                        order(later ? mine : create_[attribute], later ? create_[attribute] : mine);
                    }
            }
        };
        for (Ref const need : after_[ref].needs) add_edge(need);
        Ref const parent = after_[ref].parent;
        if (parent != kNone) add_edge(parent);
        // CREATE TABLE ... INHERITS names the parent.
        if (after_[ref].kind == Kind::inheritance && create_[parent] != kNoNode)
            for (Ref const need : after_[ref].needs) {
                if (need == parent) continue;
                order(create_[need], create_[parent]);
                for (Ref const part : after_.children(need))
                    if (after_[part].kind == Kind::column ||
                        after_[part].kind == Kind::constraint) {
                        order(create_[part], create_[parent]);
                        order(altered_of_new(part), create_[parent]);
                    }
            }
    }
}

void Graph::order_swaps() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        Ref const now = changes_.now(ref);
        if (now == kNone || create_[now] == kNoNode) continue;
        // Of what is new with its parent, the old one is somewhere else.
        Ref const parent = before_[ref].parent;
        if (parent == kNone || drop_[parent] == kNoNode) order(drop_[ref], create_[now]);
        if (finish_[ref] == kNoNode) continue;
        order(create_[now], finish_[ref]);
        // A base type takes its functions along, which need it as it needs them.
        if (before_[ref].kind == Kind::base_type)
            if (Ref const shell = after_.snapshot().find(Kind::shell_type, before_[ref].identity);
                shell != kNone)
                order(drop_[ref], create_[shell]);
        NodeId const copy = copy_[now];
        if (copy == kNoNode) continue;
        // Sequences begin where the rows end.
        for (Ref const column : after_.children(now))
            for (Ref const link : after_.dependants(column))
                if (after_[link].kind == Kind::sequence_owner) {
                    order(copy, create_[link]);
                    order(create_[link], finish_[ref]);
                }
        order(create_[now], copy);
        order(copy, finish_[ref]);
        for (Ref const child : after_.children(now)) {
            Kind const kind = after_[child].kind;
            if (kind == Kind::column)
                order(create_[child], copy);
            else if (kind == Kind::trigger || kind == Kind::rule || kind == Kind::foreign_key)
                order(copy, create_[child]);  // they are not about rows that were there before
        }
        // The rows go to partitions that are there, and come from those that go.
        for (Ref const other : after_.dependants(now))
            if (after_[other].kind == Kind::partition && after_[other].parent != now)
                order(create_[other], copy);
        for (Ref const other : before_.dependants(ref))
            if (before_[other].kind == Kind::partition && before_[other].parent != ref &&
                changes_.of_old(before_[other].parent) == Act::drop)
                order(copy, drop_[before_[other].parent]);
    }
}

void Graph::order_names() {
    std::unordered_map<std::string, std::vector<NodeId>> freed;
    for (Ref ref = 0; ref < before_.size(); ref++) {
        // The sequence of an identity column that gets another one, or none.
        if (before_[ref].has(".sequence") && changes_.of_old(ref) != Act::keep) {
            Ref const now = changes_.now(ref);
            // That of a swapped table has gone aside with it.
            bool const aside = finish_[before_[ref].parent] != kNoNode;
            auto &nodes = freed["relation " + before_[ref].get(".sequence")];
            nodes.push_back(drop_[aside ? before_[ref].parent : ref]);
            bool const differs = now == kNone || !same(before_[ref], after_[now], ".sequence");
            if (differs && !hands_name_over(ref)) nodes.push_back(alter_[ref]);
        }
        if (drop_[ref] == kNoNode) continue;
        // Of a swapped table, the table has made room; its indexes have not.
        Ref const parent = before_[ref].parent;
        bool const stays = parent != kNone && finish_[parent] != kNoNode;
        for (std::string const &name : taken_names(before_, ref))
            freed[name].push_back(stays ? finish_[parent] : drop_[ref]);
    }
    if (freed.empty()) return;
    auto const take = [&](const std::string &name, NodeId node) {
        if (auto const found = freed.find(name); found != freed.end())
            for (NodeId const earlier : found->second) order(earlier, node);
    };
    for (Ref ref = 0; ref < after_.size(); ref++) {
        if (create_[ref] != kNoNode)
            for (std::string const &name : taken_names(after_, ref)) take(name, create_[ref]);
        if (!after_[ref].has(".sequence")) continue;
        std::string const name = "relation " + after_[ref].get(".sequence");
        take(name, create_[ref]);
        Ref const old = changes_.then(ref);
        if (old == kNone || !same(before_[old], after_[ref], ".sequence"))
            take(name, altered_of_new(ref));
    }
}

Ref Graph::counts_before(Ref sequence) const {
    if (after_[sequence].kind != Kind::sequence || create_[sequence] == kNoNode) return kNone;
    Ref const column = identity_given_up(before_, after_, sequence);
    return column != kNone && alter_[column] != kNoNode ? column : kNone;
}

// The sequence that a column gets instead of identity makes room for itself.
bool Graph::hands_name_over(Ref column) const {
    Ref const next = after_.snapshot().find(Kind::sequence, before_[column].get(".sequence"));
    return next != kNone && counts_before(next) == column;
}

// What has counted for a column is there until what is going to count for it is.
void Graph::order_counts() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (before_[ref].kind != Kind::column) continue;
        Ref const sequence = sequence_given_up(before_, ref, after_);
        if (sequence == kNone || finish_[sequence] == kNoNode) continue;
        Ref const table = changes_.now(before_[ref].parent);
        for (NodeId const node : {alter_[ref], copy_[table]}) {
            order(drop_[sequence], node);
            order(node, finish_[sequence]);
        }
    }
    for (Ref ref = 0; ref < after_.size(); ref++)
        if (Ref const column = counts_before(ref); column != kNone)
            order(create_[ref], alter_[column]);
}

// A logged table cannot reference one that is not; sequences follow their table.
void Graph::order_persistence() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (before_[ref].kind == Kind::sequence_owner)
            for (Ref const need : before_[ref].needs)
                if (before_[need].kind == Kind::column)
                    order(alter_[before_[need].parent], alter_[before_[ref].parent]);
        if (before_[ref].kind != Kind::foreign_key) continue;
        Ref const table = before_[ref].parent;
        for (Ref const need : before_[ref].needs) {
            Ref const other = before_[need].parent == kNone ? need : before_[need].parent;
            if (other == table || alter_[table] == kNoNode || alter_[other] == kNoNode) continue;
            Ref const now = changes_.now(other);
            if (now == kNone || same(before_[other], after_[now], "persistence")) continue;
            bool const logged = !after_[now].has("persistence");
            order(alter_[logged ? other : table], alter_[logged ? table : other]);
        }
    }
}

// A materialized view is filled when it is made: with the rows that its tables have in the end.
void Graph::order_fills() {
    for (Ref ref = 0; ref < after_.size(); ref++) {
        if (after_[ref].kind != Kind::materialized_view || create_[ref] == kNoNode) continue;
        std::set<Ref> sources = {ref};
        std::vector<Ref> open = {ref};
        auto const find = [&](Ref source) {
            if (sources.insert(source).second) open.push_back(source);
        };
        while (!open.empty()) {
            Ref const source = open.back();
            open.pop_back();
            order_fill(ref, source);
            if (after_[source].kind == Kind::table) {
                for (Ref const link : after_.dependants(source))
                    if (links_tables(after_[link].kind)) find(after_[link].parent);
            } else {
                for (Ref const need : after_[source].needs) {
                    Ref const whole = after_[need].parent == kNone ? need : after_[need].parent;
                    Kind const kind = after_[whole].kind;
                    if (kind == Kind::table || kind == Kind::view) find(whole);
                }
            }
        }
    }
}

void Graph::order_fill(Ref view, Ref source) {
    order(copy_[source], create_[view]);
    for (Ref const link : after_.children(source))
        if (links_tables(after_[link].kind)) order(create_[link], create_[view]);
}

}  // namespace migrate::schema
