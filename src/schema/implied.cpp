#include "schema/implied.hpp"

#include "schema/heirs.hpp"

namespace migrate::schema {

std::vector<NodeId> Implied::by(NodeId id) const {
    std::vector<NodeId> list;
    Ref const ref = graph_[id].ref;
    const Object &object = before_[ref];
    auto const add = [&](Ref other) {
        NodeId const node =
            graph_.finishing(other) != kNoNode ? graph_.finishing(other) : graph_.dropping(other);
        if (node != kNoNode) list.push_back(node);
    };
    if (changes_.of_old(ref) == Act::swap) return {};
    if (object.parent != kNone && !moves_away(ref)) add(object.parent);
    if (Ref const from = inherited_from(before_, after_, ref);
        from != kNone && !graph_.stays_with_heirs(from) &&
        graph_.finishing(before_[from].parent) == kNoNode)
        add(from);
    if (Ref const attribute = attribute_of(before_, ref); attribute != kNone) add(attribute);
    if (object.kind == Kind::default_value)
        if (Ref const column = before_.column(object.parent, object.name); column != kNone)
            add(column);
    if (object.kind == Kind::index || object.kind == Kind::constraint)
        if (Ref const whole = index_above(before_, own_link(before_, ref));
            whole != kNone && !is_detached(object.parent))
            add(whole);
    if (object.kind == Kind::trigger && object.has("clone"))
        for (Ref const other : origins_of_clone(ref)) add(other);
    // So do the members of an extension.
    if (object.kind == Kind::member)
        for (Ref const need : object.needs) add(need);
    // A base type goes with its functions, which need it as it needs them.
    if (object.kind == Kind::function || object.kind == Kind::shell_type)
        for (Ref const shell : shells_of(ref))
            for (Kind const kind : {Kind::base_type, Kind::range})
                if (Ref const type = before_.snapshot().find(kind, before_[shell].identity);
                    type != kNone && (ref == shell || before_.needs(type, ref)))
                    add(type);
    if (object.kind == Kind::sequence)
        for (Ref const link : before_.children(ref))
            for (Ref const need : before_[link].needs)
                if (before_[need].kind == Kind::column) {
                    add(need);
                    add(before_[need].parent);
                }
    return list;
}

// The links to the tables above, and the trigger that it is a clone of.
std::vector<Ref> Implied::origins_of_clone(Ref trigger) const {
    std::vector<Ref> list;
    for (Ref table = before_[trigger].parent; table != kNone;) {
        Ref above = kNone;
        for (Ref const link : before_.children(table)) {
            if (before_[link].kind != Kind::partition) continue;
            list.push_back(link);
            above = before_.snapshot().find(Kind::table, before_[link].get("of"));
        }
        if (above != kNone)
            for (Ref const part : before_.children(above))
                if (before_[part].kind == Kind::trigger &&
                    before_[part].name == before_[trigger].name)
                    list.push_back(part);
        table = above;
    }
    return list;
}

// A partition no longer, before its indexes go.
bool Implied::is_detached(Ref table) const {
    for (Ref const link : before_.children(table))
        if (before_[link].kind == Kind::partition && changes_.of_old(link) != Act::keep &&
            changes_.of_old(table) != Act::drop)
            return true;
    return false;
}

std::vector<Ref> Implied::shells_of(Ref ref) const {
    if (before_[ref].kind == Kind::shell_type) return {ref};
    std::vector<Ref> shells;
    for (Ref const need : before_[ref].needs)
        if (before_[need].kind == Kind::shell_type) shells.push_back(need);
    return shells;
}

// A link to a table that is swapped for another one.
bool Implied::moves_away(Ref ref) const {
    return before_[ref].kind == Kind::partition &&
           changes_.of_old(before_[ref].parent) == Act::swap;
}

}  // namespace migrate::schema
