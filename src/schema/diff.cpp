#include "schema/diff.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <queue>

#include "schema/clones.hpp"
#include "schema/counting.hpp"
#include "schema/heirs.hpp"
#include "schema/implied.hpp"
#include "schema/joined.hpp"
#include "schema/plan.hpp"
#include "schema/sql.hpp"

namespace migrate::schema {

namespace {

// Raised by Writer when two changes wait for each other and one of them can be made in two.
struct Again {};

// Puts the changes in order and writes them down.
class Writer {
 public:
    Writer(const World &before, const World &after, Changes &changes, const Style &style)
        : before_(before),
          after_(after),
          changes_(changes),
          style_(style),
          graph_(before, after, changes),
          implied_(before, after, changes, graph_),
          waits_(graph_.nodes().size()),
          done_(graph_.nodes().size()),
          silent_(graph_.nodes().size()),
          dummies_(graph_.nodes().size()) {
        for (Ref ref = 0; ref < before.size(); ref++)
            if (before[ref].kind == Kind::default_privileges && changes.of_old(ref) == Act::keep)
                default_privileges_.push_back(ref);
    }

    std::vector<Statement> write() {
        for (NodeId id = 0; id < waits_.size(); id++) {
            waits_[id] = graph_[id].before.size();
            if (waits_[id] == 0) offer(id);
        }
        for (std::size_t left = waits_.size(); left > 0;) {
            if (ready_.empty()) relax();
            NodeId const id = ready_.top().id;
            ready_.pop();
            if (done_[id]) continue;
            left -= finish(id);
        }
        for (Statement &statement : statements_)
            if (has_rows_elsewhere(statement))
                std::erase_if(statement.hazards, [](const Hazard &h) { return is_about_rows(h); });
        return std::move(statements_);
    }

 private:
    struct Candidate {
        int rank;
        Ref ref;
        NodeId id;
        bool operator<(const Candidate &other) const {  // the queue gives the greatest
            return std::tie(rank, ref) > std::tie(other.rank, other.ref);
        }
    };

    void offer(NodeId id) { ready_.push({graph_[id].rank, graph_[id].ref, id}); }

    void release(NodeId id) {
        done_[id] = true;
        for (NodeId const next : graph_[id].after)
            if (waits_[next] > 0 && --waits_[next] == 0 && !done_[next]) offer(next);
    }

    // Does a node, and says how many are done by that.
    std::size_t finish(NodeId id) {
        Node const &node = graph_[id];
        if (swept_.count(id) != 0) {
            release(id);
            return 1;
        }
        if (node.stage == Stage::drop && !implied_.by(id).empty()) {
            silent_[id] = true;
            release(id);
            return 1;
        }
        settle(id, id);
        std::vector<NodeId> parts;
        emit(id, parts);
        release(id);
        for (NodeId const part : parts) release(part);
        return 1 + parts.size();
    }

    // ---- drops that need no statement -------------------------------------------------------

    // Silent drops that have to be there before this node, though what implies them comes later,
    // are said. `root` is what is being dropped with all that goes with it.
    void settle(NodeId id, NodeId root) {
        for (NodeId const earlier : graph_[id].before) {
            if (!silent_[earlier]) continue;
            if (is_over(earlier)) continue;
            if (goes_with(earlier, root)) {
                settle(earlier, root);
                continue;
            }
            silent_[earlier] = false;
            settle(earlier, earlier);
            emit_drop(graph_[earlier].ref, false);
        }
    }

    // Whether something has already taken it along; whether `root` does.
    bool is_over(NodeId id) const {
        std::vector<NodeId> const by = implied_.by(id);
        return std::any_of(by.begin(), by.end(),
                           [&](NodeId n) { return done_[n] && (!silent_[n] || is_over(n)); });
    }
    bool goes_with(NodeId id, NodeId root) const {
        std::vector<NodeId> const by = implied_.by(id);
        return std::any_of(by.begin(), by.end(), [&](NodeId n) {
            bool const silent = silent_[n] || (!done_[n] && graph_[n].stage == Stage::drop &&
                                               !implied_.by(n).empty());
            return n == root || (silent && goes_with(n, root));
        });
    }

    // ---- what a node says --------------------------------------------------------------------

    void take(Script &script) {
        for (Statement &statement : script.take()) statements_.push_back(std::move(statement));
    }

    // Nobody has anything to lose in a table that has just been made.
    void take_harmless(Script &script) {
        for (Statement &statement : script.take()) {
            statement.hazards.clear();
            statements_.push_back(std::move(statement));
        }
    }

    bool is_new(Ref recent) const {
        for (; recent != kNone; recent = after_[recent].parent)
            if (changes_.of_new(recent) == Act::create && after_[recent].parent == kNone)
                return true;
        return false;
    }

    static bool is_about_rows(const Hazard &hazard) {
        return hazard.risk != Risk::locks && hazard.risk != Risk::breaks_code;
    }

    // It is about a foreign table, or a part of one.
    bool has_rows_elsewhere(const Statement &statement) const {
        World const &world = statement.change == Change::drop ? before_ : after_;
        Ref const ref = world.snapshot().find(statement.kind, statement.object);
        if (ref == kNone) return false;
        const Object *const table = world.snapshot().parent(world[ref]);
        return (table == nullptr ? world[ref] : *table).kind == Kind::foreign_table;
    }

    // The default partition that stays beside a new one.
    bool has_default_beside(Ref link) const {
        Ref const whole = before_.snapshot().find(Kind::table, after_[link].get("of"));
        if (whole == kNone || changes_.of_old(whole) == Act::swap) return false;
        auto const &users = before_.dependants(whole);
        return std::any_of(users.begin(), users.end(), [&](Ref user) {
            return before_[user].kind == Kind::partition &&
                   before_[user].get("bound") == "DEFAULT" && changes_.now(user) != kNone &&
                   changes_.now(user) != link;
        });
    }

    Script about(const Object &object, Change change) {
        Script script;
        script.about(object.kind, object.identity, change);
        return script;
    }

    void emit_drop(Ref ref, bool cascade) {
        Script script = about(before_[ref], Change::drop);
        if (before_[ref].kind == Kind::column && graph_.stays_with_heirs(ref)) {
            drop_column(before_, ref, true, script);
        } else if (is_dropped_online(ref)) {
            drop_concurrently(before_, ref, script);
        } else {
            convert_users(ref, script);
            drop(called_now(ref), ref, cascade, script);
        }
        take(script);
        // What is computed is computed again.
        Ref const now = changes_.now(ref);
        if (before_[ref].has("generated") && now != kNone && after_[now].has("generated"))
            std::erase_if(statements_.back().hazards,
                          [](const Hazard &hazard) { return hazard.risk == Risk::loses_data; });
    }

    // An index that goes for good, from a table that stays.
    bool is_dropped_online(Ref ref) const {
        const Object &index = before_[ref];
        if (!style_.online || index.kind != Kind::index || changes_.of_old(ref) != Act::drop)
            return false;
        Act const table = changes_.of_old(index.parent);
        return (table == Act::keep || table == Act::alter) &&
               !before_[index.parent].has("partition_by");
    }

    // Columns with a type that goes, whose values move to another one of its name.
    void convert_users(Ref type, Script &script) {
        if (before_[type].kind == Kind::collation) return;
        for (Ref const column : before_.dependants(type))
            if (before_[column].kind == Kind::column && !before_[column].has(".inherited") &&
                before_[before_[column].parent].kind == Kind::table &&
                (changes_.is_converted(column) ||
                 (changes_.moves_by_text(type) && changes_.now(column) != kNone &&
                  changes_.of_old(before_[column].parent) == Act::swap)))
                convert_to_text(called_now(column), column, script);
    }

    // The old world, with the names that what is swapped has by now where the object is about it.
    const World &called_now(Ref ref) {
        auto const is_aside = [&](Ref other) {
            return std::find(aside_.begin(), aside_.end(), other) != aside_.end();
        };
        bool about_it = before_[ref].parent != kNone && is_aside(before_[ref].parent);
        if (links_tables(before_[ref].kind))
            for (Ref const need : before_[ref].needs) about_it = about_it || is_aside(need);
        if (!about_it) return before_;
        if (renamed_ != nullptr && renamed_count_ == aside_.size()) return *renamed_;
        renamed_count_ = aside_.size();
        Snapshot snapshot = before_.snapshot();
        for (Ref const other : aside_) {
            snapshot[other].identity = identity_aside(before_[other]);
            for (Ref const link : before_.dependants(other))
                if (snapshot[link].get("of") == before_[other].identity)
                    snapshot[link].set("of", snapshot[other].identity);
        }
        renamed_snapshot_ = std::make_unique<Snapshot>(std::move(snapshot));
        renamed_ = std::make_unique<World>(*renamed_snapshot_);
        return *renamed_;
    }

    void emit(NodeId id, std::vector<NodeId> &parts) {
        Node const &node = graph_[id];
        switch (node.stage) {
            case Stage::drop:
                if (changes_.of_old(node.ref) == Act::swap) {
                    bool const comes_back = changes_.now(node.ref) != kNone;
                    Script script =
                        about(before_[node.ref], comes_back ? Change::alter : Change::drop);
                    make_room(node.ref, script);
                    take(script);
                } else {
                    emit_drop(node.ref, cascade_.count(id) != 0);
                }
                return;
            case Stage::alter:
                for (Statement &statement : changes_.statements(node.ref))
                    statements_.push_back(statement);
                return;
            case Stage::copy: {
                Script script = about(after_[node.ref], Change::alter);
                Ref const old = changes_.then(node.ref);
                std::set<Ref> replaced;
                for (Ref const column : before_.children(old))
                    for (Ref const need : before_[column].needs)
                        if (changes_.of_old(need) == Act::swap) replaced.insert(column);
                if (has_rows_aside(old))
                    copy_rows(before_, old, after_, node.ref, replaced, style_, script);
                for (Ref const column : after_.children(node.ref))
                    if (after_[column].has("identity_kind")) count_on(column, old, script);
                return take(script);
            }
            case Stage::finish: {
                Script script = about(before_[node.ref], Change::drop);
                drop_aside(before_, node.ref, script);
                return take(script);
            }
            case Stage::create:
                return emit_create(id, parts);
        }
    }

    // A partitioned table has those of the partitions that have not been detached: they go with it.
    bool has_rows_aside(Ref old) const {
        if (!before_[old].has("partition_by")) return true;
        auto const &links = before_.dependants(old);
        return std::any_of(links.begin(), links.end(), [&](Ref link) {
            Ref const partition = before_[link].parent;
            return before_[link].kind == Kind::partition && partition != old &&
                   changes_.of_old(partition) == Act::drop;
        });
    }

    // The sequence of an identity column whose table is new, but whose rows are not.
    void count_on(Ref column, Ref old_table, Script &script) {
        const Object &object = after_[column];
        Ref const old = before_.column(old_table, object.name);
        if (old == kNone) return;
        Ref const sequence = sequence_given_up(before_, old, after_);
        if (before_[old].has("identity_kind"))
            continue_counting(after_, object, before_[old], script);
        else if (sequence != kNone && graph_.finishing(sequence) != kNoNode)
            count_on_from(identity_aside(before_[sequence]), sequence_of_column(after_, object),
                          object, script);
        else
            count_from_values(after_, object, sequence_of_column(after_, object), object, script);
    }

    // A sequence that is new for a column that is not begins behind its values.
    void count_on_owned(Ref link, Script &script) {
        Ref const sequence = after_[link].parent;
        if (changes_.of_new(sequence) != Act::create) return;
        if (graph_.counts_before(sequence) != kNone) return;
        std::string const name = literal(after_[sequence].identity);
        for (Ref const need : after_[link].needs) {
            Ref const old = changes_.then(need);
            if (after_[need].kind != Kind::column || old == kNone) continue;
            // Its table has gone aside with all that it has.
            if (before_[old].has("identity_kind") &&
                graph_.finishing(before_[old].parent) != kNoNode)
                count_on_from(sequence_aside(before_[old].get(".sequence")), name, after_[sequence],
                              script);
            else
                count_from_values(after_, after_[need], name, after_[sequence], script);
        }
    }

    // A sequence for a column that has had identity until now.
    void create_counting_on(Ref ref, Ref column, Script &script) {
        const Object &sequence = after_[ref];
        std::string other = before_[column].get(".sequence");
        if (other == sequence.identity) other = move_sequence_aside(other, script);
        create(after_, ref, {}, style_, script);
        count_on_from(other, literal(sequence.identity), sequence, script);
    }

    // For the new one of what is swapped.
    void make_room(Ref ref, Script &script) {
        if (!changes_.moves_by_text(ref)) {
            aside_.push_back(ref);
            return move_aside(before_, ref, script);
        }
        convert_users(ref, script);
        drop(before_, ref, false, script);
    }

    void emit_create(NodeId id, std::vector<NodeId> &parts) {
        Ref const ref = graph_[id].ref;
        Script script = about(after_[ref], Change::create);
        Parts inside;
        fold(ref, inside, parts);
        for (NodeId const part : parts) settle(part, part);
        if (dummies_[id])
            create_over_dummy(after_, ref, script);
        else if (Ref const column = graph_.counts_before(ref); column != kNone)
            create_counting_on(ref, column, script);
        else if (!comes_by_itself(ref))
            create(after_, ref, inside, style_of(ref), script);
        if (after_[ref].kind == Kind::sequence_owner) count_on_owned(ref, script);
        describe_all(ref, inside, script);
        is_new(ref) ? take_harmless(script) : take(script);
        if (after_[ref].kind == Kind::partition && has_default_beside(ref))
            for (Hazard const &hazard :
                 {Hazard{Risk::scans, "The default partition is read while its users wait."},
                  Hazard{Risk::may_fail, "Fails while the default partition holds such rows."}})
                statements_.back().hazards.push_back(hazard);
    }

    // Nobody is kept waiting by what happens to a table that nobody sees yet, and dumps say WITH NO
    // DATA of all: what has rows is not meant to lose them.
    Style style_of(Ref recent) const {
        Style style = style_;
        Ref const whole = after_[recent].parent;
        if (whole != kNone && graph_.creating(whole) != kNoNode) style.online = false;
        Ref const old = changes_.then(recent);
        style.fill = old != kNone && !before_[old].has(".no_data");
        return style;
    }

    // With the parent's, or with CREATE TABLE ... INHERITS.
    bool comes_by_itself(Ref ref) const {
        const Object &object = after_[ref];
        if (Ref const attribute = attribute_of(after_, ref);
            attribute != kNone && graph_.creating(attribute) != kNoNode)
            return true;
        if (!object.has(".inherited")) return false;
        if (object.kind == Kind::foreign_key) return true;
        Ref const from = inherited_from(after_, before_, ref);
        if (from != kNone) {
            if (graph_.creating(from) == kNoNode) return false;
            // A parent that is new as a whole finds it there, or CREATE TABLE names the parent.
            return graph_.creating(after_[from].parent) == kNoNode ||
                   (!object.has(".in_partition") && graph_.creating(object.parent) != kNoNode);
        }
        return !object.has(".in_partition") && graph_.creating(object.parent) != kNoNode;
    }

    void describe_all(Ref ref, const Parts &inside, Script &script) {
        describe_one(ref, script);
        for (Ref const part : inside) {
            script.about(after_[part].kind, after_[part].identity, Change::create);
            describe_one(part, script);
        }
    }

    void describe_one(Ref ref, Script &script) {
        const Object &object = after_[ref];
        describe(after_, ref, initial_acl(object), style_, script);
        if (object.kind == Kind::column && object.has("identity_kind"))
            describe_identity(after_, ref, granted_at_first('s', object.schema), style_, script);
    }

    // Parts that CREATE can have inside: all they wait for is there.
    void fold(Ref ref, Parts &inside, std::vector<NodeId> &parts) {
        std::vector<NodeId> taken = {graph_.creating(ref)};
        // A new parent brings parts of the table that it becomes a parent of.
        bool const is_link = after_[ref].kind == Kind::inheritance;
        Ref const whole = is_link ? after_[ref].parent : ref;
        bool more = true;
        while (more) {
            more = false;
            for (Ref const child : after_.children(whole)) {
                NodeId const node = graph_.creating(child);
                if (node == kNoNode || done_[node] || !is_inline(after_[child])) continue;
                if (is_link && !is_brought(child, ref)) continue;
                if (std::find(taken.begin(), taken.end(), node) != taken.end()) continue;
                auto const &before = graph_[node].before;
                bool const can = std::all_of(before.begin(), before.end(), [&](NodeId n) {
                    return done_[n] || std::find(taken.begin(), taken.end(), n) != taken.end();
                });
                if (!can) continue;
                taken.push_back(node);
                inside.push_back(child);
                parts.push_back(node);
                more = true;
            }
        }
        if (graph_[taken[0]].stage == Stage::create && after_[ref].kind == Kind::column)
            add_default(ref, inside, parts);
        std::stable_sort(inside.begin(), inside.end(),
                         [&](Ref a, Ref b) { return after_[a].position < after_[b].position; });
    }

    bool is_brought(Ref part, Ref link) const {
        if (after_[part].kind != Kind::default_value)
            return brought_by(after_, before_, part) == link;
        Ref const column = after_.column(after_[part].parent, after_[part].name);
        return column != kNone && graph_.creating(column) != kNoNode &&
               brought_by(after_, before_, column) == link;
    }

    // ADD COLUMN can have the default of the column with it.
    void add_default(Ref ref, Parts &inside, std::vector<NodeId> &parts) {
        Ref const value = after_.default_of(ref);
        NodeId const node = value == kNone ? kNoNode : graph_.creating(value);
        if (node == kNoNode || done_[node]) return;
        auto const &before = graph_[node].before;
        if (std::all_of(before.begin(), before.end(),
                        [&](NodeId n) { return done_[n] || n == graph_.creating(ref); })) {
            inside.push_back(value);
            parts.push_back(node);
        }
    }

    // What it has when it is made: by default, and by default privileges that stay as they are.
    Acl initial_acl(const Object &object) const {
        bool const member = object.kind == Kind::member;
        char const letter = member ? object.get("letter")[0] : info(object.kind).acl;
        if (letter == 0 || (letter == 'c' && !member)) return {};
        if (member) {
            Acl const own = initial_acl_of_member(object);
            // The extension has granted something itself, or was made before.
            if (own != default_acl(letter, style_.role) || !comes_with_extension(object))
                return own;
        }
        return granted_at_first(letter, object.schema);
    }

    // By default and by default privileges.
    Acl granted_at_first(char letter, const std::string &schema) const {
        Acl acl = default_acl(letter, style_.role);
        for (Ref const ref : default_privileges_) {
            const Object &entry = before_[ref];
            if (entry.get("role") != style_.role || entry.get("letter")[0] != letter) continue;
            Acl const given = parse_acl(entry);
            if (!entry.has("in_schema")) acl = given;
        }
        for (Ref const ref : default_privileges_) {
            const Object &entry = before_[ref];
            if (entry.get("role") != style_.role || entry.get("letter")[0] != letter) continue;
            if (!entry.has("in_schema") || entry.get("in_schema") != schema) continue;
            for (Privilege const &privilege : parse_acl(entry)) acl.push_back(privilege);
        }
        std::sort(acl.begin(), acl.end());
        acl.erase(std::unique(acl.begin(), acl.end()), acl.end());
        return acl;
    }

    bool comes_with_extension(const Object &member) const {
        return std::any_of(member.needs.begin(), member.needs.end(),
                           [&](Ref need) { return graph_.creating(need) != kNoNode; });
    }

    // ---- circles -------------------------------------------------------------------------------

    // Nothing is ready: some changes wait for each other. Makes one of them possible.
    void relax() {
        std::vector<NodeId> const circle = find_circle();
        for (NodeId const id : circle) {
            Node const &node = graph_[id];
            if (node.stage == Stage::create && after_[node.ref].kind == Kind::view &&
                !dummies_[id] && has_room(node.ref)) {
                Script script = about(after_[node.ref], Change::create);
                create_dummy(after_, node.ref, script);
                take(script);
                dummies_[id] = true;
                for (NodeId const next : graph_[id].after)
                    if (--waits_[next] == 0) offer(next);
                graph_.nodes()[id].after.clear();
                return;
            }
        }
        for (NodeId const id : circle) {
            Node const &node = graph_[id];
            if (node.stage != Stage::alter) continue;
            Kind const kind = before_[node.ref].kind;
            if (kind == Kind::table || kind == Kind::column || kind == Kind::sequence ||
                kind == Kind::schema || kind == Kind::extension)
                continue;
            changes_.replace(node.ref);
            throw Again();
        }
        for (NodeId const id : circle)
            if (graph_[id].stage == Stage::drop && !sweeps_data(graph_[id].ref)) {
                cascade_.insert(id);
                sweep(graph_[id].ref);
                waits_[id] = 0;
                offer(id);
                return;
            }
        waits_[circle.front()] = 0;
        offer(circle.front());
    }

    // The old one of that name has gone.
    bool has_room(Ref recent) const {
        Ref const old = changes_.then(recent);
        return old == kNone || graph_.dropping(old) == kNoNode || done_[graph_.dropping(old)];
    }

    // DROP ... CASCADE would take rows or values along.
    bool sweeps_data(Ref old) const {
        std::set<Ref> seen;
        std::vector<Ref> work = {old};
        while (!work.empty()) {
            Ref const ref = work.back();
            work.pop_back();
            for (Ref const other : before_.dependants(ref)) {
                Kind const kind = before_[other].kind;
                if (kind == Kind::table || kind == Kind::sequence ||
                    (kind == Kind::column && before_[before_[other].parent].kind == Kind::table))
                    return true;
                if (seen.insert(other).second) work.push_back(other);
            }
        }
        return false;
    }

    // What DROP ... CASCADE takes along.
    void sweep(Ref old) {
        auto const take = [&](Ref other) {
            NodeId const node = graph_.dropping(other);
            if (node != kNoNode && graph_.finishing(other) == kNoNode &&
                cascade_.count(node) == 0 && swept_.insert(node).second)
                sweep(other);
        };
        for (Ref const other : before_.dependants(old)) take(other);
        for (Ref const other : before_.children(old)) take(other);
    }

    std::vector<NodeId> find_circle() const {
        NodeId id = 0;
        while (done_[id] || waits_[id] == 0) id++;
        std::vector<NodeId> path;
        std::vector<char> seen(waits_.size());
        while (!seen[id]) {
            seen[id] = 1;
            path.push_back(id);
            for (NodeId const earlier : graph_[id].before)
                if (!done_[earlier] && !(dummies_[earlier] && graph_[earlier].after.empty())) {
                    id = earlier;
                    break;
                }
        }
        return {std::find(path.begin(), path.end(), id), path.end()};
    }

    const World &before_;
    const World &after_;
    Changes &changes_;
    const Style &style_;
    Graph graph_;
    Implied const implied_;
    std::vector<std::size_t> waits_;
    std::vector<char> done_;
    std::vector<char> silent_;
    std::vector<char> dummies_;
    std::vector<Ref> default_privileges_;  // that stay as they are
    std::set<NodeId> cascade_;
    std::set<NodeId> swept_;  // goes with one of those
    std::priority_queue<Candidate> ready_;
    std::vector<Statement> statements_;
    std::vector<Ref> aside_;         // what has its name aside by now
    std::size_t renamed_count_ = 0;  // how many `renamed_` knows
    std::unique_ptr<Snapshot> renamed_snapshot_;
    std::unique_ptr<World> renamed_;
};

}  // namespace

std::vector<Statement> diff(const Snapshot &from, const Snapshot &to, const DiffOptions &options) {
    if (equal(from, to)) return {};
    std::optional<Snapshot> const from_with_clones = with_clones(from, to);
    std::optional<Snapshot> const to_with_clones = with_clones(to, from);
    World const before(from_with_clones ? *from_with_clones : from);
    World const after(to_with_clones ? *to_with_clones : to);
    Changes changes(before, after, options);
    while (true) {
        try {
            auto statements = Writer(before, after, changes, options.style).write();
            if (!options.apart) join_neighbours(statements);
            return statements;
        } catch (const Again &) {
            // With one more object that is made anew.
        }
    }
}

}  // namespace migrate::schema
