#include "schema/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "schema/counting.hpp"
#include "schema/heirs.hpp"
#include "schema/render.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

bool is_type(Kind kind) {
    switch (kind) {
        case Kind::enumeration:
        case Kind::domain:
        case Kind::composite:
        case Kind::range:
        case Kind::base_type:
        case Kind::collation:
            return true;
        default:
            return false;
    }
}

bool is_link(Kind kind) {
    return links_tables(kind) || kind == Kind::sequence_owner || kind == Kind::index_partition;
}

// What uses the sequence behind an identity column, which goes with it.
bool uses_sequence_of(const Object &column, const Object &user) {
    if (user.kind == Kind::default_value) return user.identity != column.identity;
    std::string const &sequence = column.get(".sequence");
    return user.get("definition").find(sequence.substr(last_part(sequence))) != std::string::npos;
}

bool holds_rows(Kind kind) {
    return kind == Kind::table;
}

}  // namespace

Changes::Changes(const World &before, const World &after, const DiffOptions &options)
    : before_(before),
      after_(after),
      options_(options),
      old_(before.size(), Act::keep),
      partner_(before.size(), kNone),
      other_(after.size(), kNone),
      statements_(before.size()),
      converted_(before.size()) {
    pair();
    for (Ref ref = 0; ref < before_.size(); ref++) compare(ref);
    spread();
    hand_counts_over();
}

void Changes::pair() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        const Object &object = before_[ref];
        Ref const other = after_.snapshot().find(object.kind, object.identity);
        if (other == kNone) continue;
        partner_[ref] = other;
        other_[other] = ref;
    }
}

void Changes::mark(Ref old, Act act) {
    if (old_[old] == act) return;
    old_[old] = act;
    statements_[old].clear();
    work_.push_back(old);
}

void Changes::replace(Ref old) {
    mark(old, holds_rows(before_[old].kind) ? Act::swap : Act::replace);
    spread();
}

void Changes::compare(Ref old) {
    Ref const now = partner_[old];
    if (now == kNone) return mark(old, Act::drop);
    const Object &from = before_[old];
    const Object &to = after_[now];
    Act const instead = holds_rows(from.kind) ? Act::swap : Act::replace;
    bool const counts = from.kind == Kind::sequence || from.kind == Kind::column;
    bool const other_way = options_.replaced.count(label_of(from)) != 0;
    if (other_way && !counts && !holds_values(old)) return mark(old, instead);
    // What belongs to another table now has moved there, whatever its definition says.
    if (from.parent != kNone && to.parent != kNone && before_.home(from) != after_.home(to))
        return mark(old, instead);
    if (differences(from, to).empty()) return;
    Script script;
    Style style = options_.style;
    style.restart = other_way;
    if (!alter(before_, old, after_, now, style, script)) return mark(old, instead);
    // PostgreSQL refuses this where columns have the type; they move to a new one.
    if (from.kind == Kind::attribute && retypes(from, to) && has_columns(from.parent))
        return mark(from.parent, Act::swap);
    if (old_[old] == Act::replace) return;
    mark(old, Act::alter);
    statements_[old] = script.take();
}

bool Changes::stays_partition(Ref table) const {
    auto const &links = before_.children(table);
    return std::any_of(links.begin(), links.end(), [&](Ref link) {
        return before_[link].kind == Kind::partition && old_[link] == Act::keep;
    });
}

// A partition no longer, and then none whose keys references need.
bool Changes::is_detached(Ref table) const {
    if (table == kNone || old_[table] == Act::drop) return false;
    auto const &links = before_.children(table);
    return std::any_of(links.begin(), links.end(), [&](Ref link) {
        return before_[link].kind == Kind::partition && old_[link] == Act::drop;
    });
}

bool Changes::moves_by_text(Ref old) const {
    if (schema::moves_by_text(before_[old].kind)) return true;
    auto const &needs = before_[old].needs;
    return before_[old].kind == Kind::domain &&
           std::any_of(needs.begin(), needs.end(), [&](Ref need) {
               return old_[need] != Act::keep && old_[need] != Act::alter && moves_by_text(need);
           });
}

bool Changes::has_columns(Ref type) const {
    auto const &users = before_.dependants(type);
    return std::any_of(users.begin(), users.end(), [&](Ref user) {
        Kind const kind = before_[user].kind;
        return kind == Kind::column || (kind == Kind::domain && has_columns(user)) ||
               (kind == Kind::attribute && has_columns(before_[user].parent));
    });
}

// Inherited, and not from a table that is made anew because of a type in its key.
bool Changes::moves_with_parent(Ref column) const {
    const Object &object = before_[column];
    auto const is_gone_type = [&](Ref need) {
        return is_type(before_[need].kind) &&
               (old_[need] == Act::replace || old_[need] == Act::swap);
    };
    bool inherited = object.has(".inherited");
    for (Ref const child : before_.children(object.parent)) {
        const Object &link = before_[child];
        if (!links_tables(link.kind)) continue;
        Ref const above = before_.snapshot().find(Kind::table, link.get("of"));
        if (above == kNone) continue;
        // Declared by the table itself, too.
        inherited = inherited ||
                    (partner_[child] != kNone && same_of_parent(before_, link, object) != kNone);
        if (link.kind != Kind::partition) continue;
        if (is_in_key(before_[above], object.name)) return false;
        for (Ref const other : before_.children(above))
            if (before_[other].kind == Kind::column &&
                is_in_key(before_[above], before_[other].name) &&
                std::any_of(before_[other].needs.begin(), before_[other].needs.end(), is_gone_type))
                return false;
    }
    return inherited;
}

// What has the same name then, but is something else.
bool Changes::has_namesake(Ref type) const {
    std::string const &identity = before_[type].identity;
    for (Kind const kind : {Kind::enumeration, Kind::domain, Kind::composite, Kind::range,
                            Kind::base_type, Kind::table})
        if (kind != before_[type].kind && after_.snapshot().find(kind, identity) != kNone)
            return true;
    return false;
}

// An extension whose types columns have: they would go with it.
bool Changes::holds_values(Ref old) const {
    if (before_[old].kind != Kind::extension) return false;
    for (Ref const other : before_.dependants(old))
        if (before_[other].kind == Kind::column) return true;
    return false;
}

void Changes::spread() {
    do {
        while (!work_.empty()) {
            Ref const ref = work_.back();
            work_.pop_back();
            look_at(ref);
        }
        spread_along_indexes();
    } while (!work_.empty());
}

// An index goes with the one that it is attached to, and not without it: only its table is
// detached. To be asked when it is known which partitions stay.
void Changes::spread_along_indexes() {
    for (Ref link = 0; link < before_.size(); link++) {
        if (before_[link].kind != Kind::index_partition) continue;
        Ref const whole = index_above(before_, link);
        if (whole == kNone || !stays_partition(before_[link].parent)) continue;
        if (is_gone(link) && !is_gone(whole)) mark(whole, Act::replace);
        if (!is_gone(whole)) continue;
        for (Ref const need : before_[link].needs)
            if (is_own_index(before_, link, need) && !is_gone(need)) mark(need, Act::replace);
    }
}

// A sequence that identity takes the place of makes room, and tells where it has counted to.
void Changes::hand_counts_over() {
    for (Ref ref = 0; ref < before_.size(); ref++) {
        if (before_[ref].kind != Kind::column) continue;
        if (old_[ref] != Act::alter && old_[before_[ref].parent] != Act::swap) continue;
        Ref const sequence = sequence_given_up(before_, ref, after_);
        if (sequence != kNone) old_[sequence] = Act::swap;
    }
}

bool Changes::is_gone(Ref old) const {
    return old_[old] == Act::drop || old_[old] == Act::replace;
}

void Changes::look_at(Ref old) {
    // A base type takes its functions along, and they its name.
    if (before_[old].kind == Kind::base_type && old_[old] != Act::alter)
        if (Ref const shell = before_.snapshot().find(Kind::shell_type, before_[old].identity);
            shell != kNone && old_[shell] == Act::keep)
            mark(shell, Act::replace);
    for (Ref const child : before_.children(old)) affect(old, child);
    for (Ref const dependant : before_.dependants(old)) affect(old, dependant);
}

bool Changes::still_needs(Ref dependant, Ref old) const {
    return partner_[dependant] != kNone && partner_[old] != kNone &&
           after_.needs(partner_[dependant], partner_[old]);
}

// Whether altering `old` is refused while `dependant` is as it is.
bool Changes::disturbs(Ref old, Ref dependant) const {
    Ref const now = partner_[old];
    const Object &from = before_[old];
    const Object &to = after_[now];
    const Object &other = before_[dependant];
    bool const gives_up = from.has("identity_kind") && !to.has("identity_kind");
    if (gives_up && uses_sequence_of(from, other)) return true;
    bool const type_changes = converted_[old] || retypes(from, to);
    if (!type_changes) return false;
    switch (other.kind) {
        case Kind::view:
        case Kind::materialized_view:
        case Kind::rule:
        case Kind::policy:
        case Kind::trigger:
        case Kind::publication_table:
        case Kind::function:
        case Kind::procedure:
        case Kind::default_value:
            return true;
        case Kind::foreign_key:
            return !keeps_values(from.get("type"), to.get("type"));
        case Kind::column:
            // Before that, it may become one that is not computed.
            return other.parent == from.parent && other.has("generated") &&
                   (partner_[dependant] == kNone || after_[partner_[dependant]].has("generated"));
        // PostgreSQL makes these anew by itself; but a type of the same name is another one.
        case Kind::index:
        case Kind::constraint:
        case Kind::statistics:
            return converted_[old];
        default:
            return false;
    }
}

void Changes::affect(Ref old, Ref dependant) {
    Act const act = old_[old];
    Act const its = old_[dependant];
    const Object &object = before_[old];
    const Object &other = before_[dependant];
    // Its values go over to another table, and the old one has this until then.
    bool const holds = (other.kind == Kind::column && its == Act::replace) ||
                       (other.kind == Kind::domain && its != Act::drop && has_columns(dependant));
    if (act == Act::replace && holds && is_type(object.kind) && partner_[old] != kNone) {
        mark(old, Act::swap);
        return mark(dependant, other.kind == Kind::domain ? Act::swap : its);
    }
    if (its == Act::drop || its == Act::replace || its == Act::swap) return;
    if (other.kind == Kind::foreign_key && other.parent != object.parent &&
        object.kind == Kind::constraint && is_detached(object.parent))
        return;
    bool const part = other.parent == old;
    if (act == Act::alter) {
        if (disturbs(old, dependant)) mark(dependant, Act::replace);
        return;
    }
    if (act == Act::keep || act == Act::create) return;
    if (part) {
        // Parts of what is there no more are there no more.
        mark(dependant, Act::replace);
        return;
    }
    if (is_link(other.kind)) {
        mark(dependant, Act::replace);
        return;
    }
    bool const same_name = partner_[old] != kNone;
    bool const typed = other.kind == Kind::column && is_type(object.kind);
    if (typed && other.has("generated")) return mark(dependant, Act::replace);
    if (typed && partner_[dependant] != kNone && (same_name || has_namesake(old))) {
        // The values of the column move over to the new type.
        if (act == Act::replace) mark(old, Act::swap);
        if (is_in_key(before_[other.parent], other.name)) {
            converted_[dependant] = true;
            return mark(other.parent, Act::swap);
        }
        if (same_name && !still_needs(dependant, old)) {
            mark(dependant, Act::alter);
            return;
        }
        if (converted_[dependant]) return;
        converted_[dependant] = true;
        if (moves_with_parent(dependant)) {
            mark(dependant, Act::alter);
            work_.push_back(dependant);
            return;
        }
        Style style = options_.style;
        style.renewed = true;
        Script script;
        if (!alter(before_, dependant, after_, partner_[dependant], style, script))
            return mark(dependant, Act::replace);
        old_[dependant] = Act::alter;
        statements_[dependant] = script.take();
        work_.push_back(dependant);
        return;
    }
    // It is altered so that it does not need this any more.
    if (its == Act::alter && !still_needs(dependant, old)) return;
    if (other.kind == Kind::attribute) {
        // Columns may hold such rows: the composite type moves with them, and the old one has this
        // until then.
        if (act == Act::replace && same_name && is_type(object.kind)) mark(old, Act::swap);
        mark(other.parent, Act::replace);
        return;
    }
    // The rows of a typed table, and of one whose key is made with this, go over to a new table.
    bool const keyed = other.has("partition_by") &&
                       (object.kind == Kind::function || object.kind == Kind::collation);
    if (holds_rows(other.kind) && same_name &&
        (keyed || (other.has("of_type") && object.kind == Kind::composite))) {
        mark(old, Act::swap);
        return mark(dependant, Act::swap);
    }
    if (holds_rows(other.kind)) return;  // links keep tables together
    if (other.kind == Kind::sequence) return;
    mark(dependant, Act::replace);
}

}  // namespace migrate::schema
