// The order of changes of what inherits, and of partitions.
#include <algorithm>

#include "schema/heirs.hpp"
#include "schema/plan.hpp"

namespace migrate::schema {

namespace {

// What a child has from its parent, or has to have when it becomes its child.
bool is_shared(const Object &part) {
    return part.kind == Kind::column || part.kind == Kind::constraint ||
           part.kind == Kind::foreign_key;
}

}  // namespace

// Whether one of those that inherit a column that goes keeps it, so that only this one is dropped.
bool Graph::stays_with_heirs(Ref column) const {
    Ref const table = before_[column].parent;
    if (before_[column].kind != Kind::column) return false;
    for (Ref const link : before_.dependants(table)) {
        Ref const child = before_[link].parent;
        if (before_[link].kind != Kind::inheritance || child == table || drop_[link] != kNoNode)
            continue;
        Ref const theirs = before_.column(child, before_[column].name);
        if (theirs == kNone || !before_[theirs].has(".inherited")) continue;
        if (drop_[theirs] == kNoNode ? !has_from_another(theirs, link) : stays_with_heirs(theirs))
            return true;
    }
    return false;
}

// Whether a column is inherited by another link, too, that stays with all that comes by it.
bool Graph::has_from_another(Ref column, Ref link) const {
    auto const &links = before_.children(before_[column].parent);
    return std::any_of(links.begin(), links.end(), [&](Ref other) {
        if (before_[other].kind != Kind::inheritance || other == link) return false;
        if (drop_[other] != kNoNode) return false;
        Ref const same = same_of_parent(before_, before_[other], before_[column]);
        return same != kNone && drop_[same] == kNoNode;
    });
}

// What uses an inherited column has to go before the parent's; but what goes by itself is the
// child's own only when the parent's has gone.
void Graph::order_heirs() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (drop_[ref] == kNoNode) continue;
        Ref const from = inherited_from(before_, after_, ref);
        if (from == kNone) continue;
        bool const by_itself = stays_with_heirs(from);
        order(drop_[by_itself ? from : ref], drop_[by_itself ? ref : from]);
    }
    // A table that goes as well takes all along that uses it.
    for (Ref ref = 0; ref < before_.size(); ref++) {
        const Object &link = before_[ref];
        if (link.kind != Kind::inheritance || changes_.of_old(link.parent) != Act::drop) continue;
        for (Ref const part : before_.children(link.parent))
            if (before_[part].has(".inherited"))
                if (Ref const same = same_of_parent(before_, link, before_[part]); same != kNone)
                    order(drop_[link.parent], drop_[same]);
    }
    for (Ref ref = 0; ref < after_.size(); ref++)
        if (create_[ref] != kNoNode)
            if (Ref const from = inherited_from(after_, before_, ref); from != kNone)
                order(create_[from], create_[ref]);
    // Columns of typed tables come and go with the attributes.
    for (Ref ref = 0; ref < before_.size(); ref++)
        if (drop_[ref] != kNoNode)
            if (Ref const attribute = attribute_of(before_, ref); attribute != kNone)
                order(drop_[ref], drop_[attribute]);
    for (Ref ref = 0; ref < after_.size(); ref++)
        if (create_[ref] != kNoNode)
            if (Ref const attribute = attribute_of(after_, ref); attribute != kNone)
                order(create_[attribute], create_[ref]);
    // What a child has of its own as well: the parent's, which reaches the children, is merged
    // with it.
    for (Ref ref = 0; ref < after_.size(); ref++) {
        const Object &link = after_[ref];
        if (link.kind != Kind::inheritance || create_[ref] != kNoNode) continue;
        for (Ref const part : after_.children(link.parent))
            if (create_[part] != kNoNode && !after_[part].has(".inherited") &&
                after_[part].kind != Kind::default_value)
                if (Ref const same = same_of_parent(after_, link, after_[part]); same != kNone)
                    order(create_[part], create_[same]);
    }
}

// What changes on both sides of a link that goes, perhaps to be made anew, does so when it has
// gone: above, it would reach the child; what the child has inherited is only then its own.
void Graph::order_detachments() {
    for (Ref link = 0; link < before_.size(); link++) {
        Ref const child = before_[link].parent;
        if (!links_tables(before_[link].kind) || drop_[link] == kNoNode) continue;
        if (changes_.of_old(child) == Act::drop) continue;
        auto const follow = [&](Ref part) {
            order(drop_[link], drop_[part]);
            order(drop_[link], alter_[part]);
        };
        for (Ref const table : before_[link].needs)
            for (Ref const part : before_.children(table))
                if (is_shared(before_[part]))
                    for (Ref above = part; above != kNone;
                         above = inherited_from(before_, after_, above))
                        follow(above);
        for (Ref const part : before_.children(child)) {
            if (is_shared(before_[part]) || before_[part].kind == Kind::trigger) follow(part);
            if (before_[part].has(".clone_of"))  // of a key further above
                follow(before_.snapshot().find(Kind::foreign_key, before_[part].get(".clone_of")));
        }
        if (Ref const now = changes_.now(child); now != kNone)
            for (Ref const part : after_.children(now))
                if (is_shared(after_[part]) || after_[part].kind == Kind::trigger)
                    order(drop_[link], create_[part]);
    }
}

// What is altered or goes on both sides of a link that is made, perhaps anew, does so before.
void Graph::order_alterations(Ref link) {
    Ref const child = changes_.then(after_[link].parent);
    if (child != kNone && finish_[child] == kNoNode)
        for (Ref const part : before_.children(child))
            if (is_shared(before_[part]) || before_[part].kind == Kind::trigger)
                order(drop_[part], create_[link]);
    for (Ref const part : after_.children(after_[link].parent))
        if (is_shared(after_[part]) || after_[part].kind == Kind::trigger)
            order(altered_of_new(part), create_[link]);
    for (Ref const table : after_[link].needs)
        for (Ref const part : after_.children(table))
            if (is_shared(after_[part]))
                for (Ref above = part; above != kNone;
                     above = inherited_from(after_, before_, above))
                    order(altered_of_new(above), create_[link]);
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
    if (Ref const value = after_.default_of(part); value != kNone) add_edges(value);
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
        NodeId const detaching = detaching_node(before_[ref].parent);
        order(detaching, own);
        for (Ref whole = index_above(before_, ref); whole != kNone;
             whole = index_above(before_, own_link(before_, whole))) {
            // What would take it along has to wait until it is no longer attached.
            if (detaching == kNoNode)
                order(drop_[whole], own);
            else
                order(detaching, drop_[whole]);
        }
    }
}

}  // namespace migrate::schema
