#include "schema/plan.hpp"

#include <algorithm>
#include <unordered_map>

#include "schema/heirs.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

constexpr int kDropRank = 0;
constexpr int kChangeRank = 1000;

int rank_of(Kind kind) {
    return static_cast<int>(kind);
}

// What shares a name with things of other kinds. Empty: nothing does.
std::string slot(const World &world, Ref ref) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::table:
        case Kind::foreign_table:
        case Kind::view:
        case Kind::materialized_view:
        case Kind::sequence:
        case Kind::index:
            return "relation " + object.identity;
        case Kind::composite:
            return "relation " + object.identity;
        case Kind::constraint:
            if (object.get("type") == "check") break;
            return "relation " + world[object.parent].schema + "." + object.name;
        case Kind::function:
        case Kind::procedure:
        case Kind::aggregate:
            return "routine " + object.identity;
        case Kind::enumeration:
        case Kind::domain:
        case Kind::range:
        case Kind::base_type:
            return "type " + object.identity;
        default:
            break;
    }
    return {};
}

// Relations have a type of their name.
std::string type_slot(const World &world, Ref ref) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::table:
        case Kind::foreign_table:
        case Kind::view:
        case Kind::materialized_view:
        case Kind::composite:
            return "type " + object.identity;
        default:
            return {};
    }
}

bool links_tables(Kind kind) {
    return kind == Kind::partition || kind == Kind::inheritance;
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
    order_sequences();
    order_index_partitions();
    order_heirs();
    order_attachments();
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
        int const rank = kChangeRank + rank_of(after_[ref].kind);
        if (act == Act::create || act == Act::replace || act == Act::swap)
            create_[ref] = add(Stage::create, ref, rank);
        if (act == Act::swap && after_[ref].kind == Kind::table)
            copy_[ref] = add(Stage::copy, ref, rank);
    }
}

// When the old object is no longer there.
NodeId Graph::gone(Ref old) const {
    return finish_[old] != kNoNode ? finish_[old] : drop_[old];
}

NodeId Graph::altered_of_new(Ref recent) const {
    Ref const old = changes_.then(recent);
    return old == kNone ? kNoNode : alter_[old];
}

void Graph::order_old() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        auto const add_edge = [&](Ref need) {
            // A part of what is swapped stays with it until the end, and a column with the old
            // type.
            Ref const parent = before_[ref].parent;
            bool stays = finish_[need] != kNoNode && parent != kNone &&
                         !links_tables(before_[ref].kind) &&
                         (parent == need || before_[ref].kind == Kind::column ||
                          before_[ref].kind == Kind::attribute);
            // So does a partition that goes for good, until its rows have moved.
            if (links_tables(before_[ref].kind) && finish_[need] != kNoNode)
                stays = changes_.of_old(before_[ref].parent) == Act::drop;
            order(gone(ref), stays ? finish_[need] : drop_[need]);
            if (stays && parent != need) order(gone(parent), finish_[need]);
            order(gone(ref), alter_[need]);
            if (finish_[ref] != kNoNode) order(finish_[ref], finish_[need]);
            if (alter_[ref] == kNoNode) return;
            if (finish_[need] != kNoNode)
                order(alter_[ref], finish_[need]);
            else if (drop_[need] != kNoNode)
                order(alter_[ref], drop_[need]);
        };
        for (Ref const need : before_[ref].needs) add_edge(need);
        if (before_[ref].parent != kNone) add_edge(before_[ref].parent);
    }
}

void Graph::order_new() {
    for (Ref ref = 0; ref < after_.size(); ref++) {
        auto const add_edge = [&](Ref need) {
            NodeId const altered = altered_of_new(need);
            for (NodeId const mine : {create_[ref], altered_of_new(ref)}) {
                order(create_[need], mine);
                order(altered, mine);
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
        NodeId const copy = copy_[now];
        if (copy == kNoNode) continue;
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
    std::unordered_map<std::string, std::vector<Ref>> taken;
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (drop_[ref] == kNoNode) continue;
        for (std::string const &name : {slot(before_, ref), type_slot(before_, ref)})
            if (!name.empty()) taken[name].push_back(ref);
    }
    if (taken.empty()) return;
    for (Ref ref = 0; ref < after_.size(); ref++) {
        if (create_[ref] == kNoNode) continue;
        for (std::string const &name : {slot(after_, ref), type_slot(after_, ref)}) {
            auto const found = name.empty() ? taken.end() : taken.find(name);
            if (found == taken.end()) continue;
            for (Ref const old : found->second) {
                // Of a swapped table, the table has made room; its indexes have not.
                Ref const parent = before_[old].parent;
                bool const stays = parent != kNone && finish_[parent] != kNoNode;
                order(stays ? finish_[parent] : drop_[old], create_[ref]);
            }
        }
    }
    // The sequence of an identity column takes the name of one that goes, or the other way round.
    for (Ref ref = 0; ref < after_.size(); ref++) {
        const Object &column = after_[ref];
        if (column.kind != Kind::column || !column.has(".sequence")) continue;
        auto const found = taken.find("relation " + column.get(".sequence"));
        if (found == taken.end()) continue;
        for (Ref const old : found->second) {
            order(drop_[old], create_[ref]);
            order(drop_[old], altered_of_new(ref));
        }
    }
}

void Graph::order_sequences() {
    std::unordered_map<std::string, Ref> taken;
    for (Ref ref = 0; ref < before_.size(); ref++) {
        const Object &column = before_[ref];
        if (column.kind == Kind::column && column.has(".sequence") &&
            changes_.of_old(ref) != Act::keep)
            taken[column.get(".sequence")] = ref;
    }
    if (taken.empty()) return;
    for (Ref ref = 0; ref < after_.size(); ref++) {
        if (after_[ref].kind != Kind::sequence || create_[ref] == kNoNode) continue;
        auto const found = taken.find(after_[ref].identity);
        if (found == taken.end()) continue;
        order(drop_[found->second], create_[ref]);
        order(alter_[found->second], create_[ref]);
    }
}

// What uses an inherited column has to go before the parent's.
void Graph::order_heirs() {
    for (Ref ref = 0; ref < before_.size(); ref++)
        if (drop_[ref] != kNoNode)
            if (Ref const from = inherited_from(before_, after_, ref); from != kNone)
                order(drop_[ref], drop_[from]);
    for (Ref ref = 0; ref < after_.size(); ref++)
        if (create_[ref] != kNoNode)
            if (Ref const from = inherited_from(after_, before_, ref); from != kNone)
                order(create_[from], create_[ref]);
    // What a child has of its own as well: the parent's, which reaches the children, is merged
    // with it.
    for (Ref ref = 0; ref < after_.size(); ref++) {
        const Object &link = after_[ref];
        if (link.kind != Kind::inheritance || create_[ref] != kNoNode) continue;
        Ref const parent = after_.snapshot().find(Kind::table, link.get("of"));
        if (parent == kNone) continue;
        for (Ref const part : after_.children(link.parent))
            if (create_[part] != kNoNode && !after_[part].has(".inherited"))
                for (Ref const same : after_.children(parent))
                    if (after_[same].kind == after_[part].kind &&
                        after_[same].name == after_[part].name)
                        order(create_[part], create_[same]);
    }
}

// What is altered on both sides of a link that is made, perhaps anew, is so in between: what is
// altered above would reach a table that is still attached.
void Graph::order_alterations(Ref link) {
    Ref const old = changes_.then(link);
    NodeId const detaching = old == kNone ? kNoNode : drop_[old];
    auto const order_column = [&](Ref column) {
        for (; column != kNone; column = inherited_from(after_, before_, column)) {
            NodeId const altered = altered_of_new(column);
            order(detaching, altered);
            order(altered, create_[link]);
        }
    };
    std::vector<Ref> tables = after_[link].needs;
    tables.push_back(after_[link].parent);
    for (Ref const table : tables)
        for (Ref const part : after_.children(table))
            if (after_[part].kind == Kind::column) order_column(part);
}

// What comes with a link has nothing else to wait for then.
void Graph::order_brought(Ref part, NodeId link) {
    order(link, create_[part]);
    auto const add_edges = [&](Ref of) {
        for (Ref const need : after_[of].needs) {
            if (brought_by(after_, before_, need) == brought_by(after_, before_, part)) continue;
            order(create_[need], link);
            order(altered_of_new(need), link);
        }
    };
    add_edges(part);
    const Object &object = after_[part];
    for (Ref const other : after_.children(object.parent))
        if (after_[other].kind == Kind::default_value && after_[other].name == object.name)
            add_edges(other);
}

// A partition that has its indexes, and they theirs, is given no further ones when it is attached.
void Graph::order_attachments() {
    for (Ref ref = 0; ref < after_.size(); ref++) {
        bool const inherits = after_[ref].kind == Kind::inheritance;
        if ((!inherits && after_[ref].kind != Kind::partition) || create_[ref] == kNoNode) continue;
        // CREATE TABLE ... INHERITS comes before all else.
        if (inherits && create_[after_[ref].parent] != kNoNode) continue;
        order_alterations(ref);
        for (Ref const part : after_.children(after_[ref].parent)) {
            Kind const kind = after_[part].kind;
            if (create_[part] != kNoNode && brought_by(after_, before_, part) == ref) {
                order_brought(part, create_[ref]);
                continue;
            }
            if (kind == Kind::column) order(create_[part], create_[ref]);
            if (kind == Kind::index_partition) order(create_[ref], create_[part]);
            if (kind != Kind::index && kind != Kind::constraint) continue;
            order(create_[part], create_[ref]);
            for (Ref const link : after_.dependants(part))
                if (after_[link].kind == Kind::index_partition && !is_own_index(after_, link, part))
                    order(create_[link], create_[ref]);
        }
    }
}

// Of a table that stays, but as a partition no longer.
NodeId Graph::detaching_node(Ref table) const {
    for (Ref const link : before_.children(table))
        if (before_[link].kind == Kind::partition) return drop_[link];
    return kNoNode;
}

// An index goes with the one of the partitioned table, or stays when its table is detached.
void Graph::order_index_partitions() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (before_[ref].kind != Kind::index_partition || drop_[ref] == kNoNode) continue;
        NodeId own = kNoNode;
        for (Ref const need : before_[ref].needs)
            if (is_own_index(before_, ref, need)) own = drop_[need];
        if (own == kNoNode) continue;
        NodeId const detaching = detaching_node(before_[ref].parent);
        order(detaching, own);
        for (Ref whole = index_above(before_, ref); whole != kNone;
             whole = index_above(before_, own_link(before_, whole)))
            // What would take it along has to wait until it is no longer attached.
            detaching == kNoNode ? order(drop_[whole], own) : order(detaching, drop_[whole]);
    }
}

}  // namespace migrate::schema
