#include "engine/schema_record.hpp"

#include <numeric>
#include <span>
#include <unordered_map>

#include "engine/ledger.hpp"
#include "engine/row.hpp"
#include "pg/fault.hpp"
#include "pg/hash.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "schema/text.hpp"

namespace migrate::engine {

using pg::Access;
using pg::Row;
using pg::Table;
using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;
using schema::Snapshot;

namespace {

constexpr const char *kTable = "schema_object";
constexpr const char *kState = "schema";

// Part of what decides whether two records can be compared. Another number whenever the texts of
// unchanged objects are not what they were in a release before.
constexpr std::int64_t kFormat = 1;

std::int64_t version() {
    return std::int64_t{pg::kMajorVersion} * 1000 + kFormat;
}

std::string key_of(std::string_view kind, std::string_view identity) {
    return fmt::format("{} {}", kind, identity);
}

// Calls `take` with each object that is a part of none, and with all that is a part of it: in an
// order that is the same wherever the server keeps them.
template <class Take>
void for_each_entry(const Snapshot &snapshot, Take &&take) {
    std::vector<Ref> roots(snapshot.size());
    std::vector<std::size_t> ends(snapshot.size() + 1);
    for (Ref ref = 0; ref < snapshot.size(); ref++) {
        roots[ref] = ref;
        while (snapshot[roots[ref]].parent != kNone) roots[ref] = snapshot[roots[ref]].parent;
        ends[roots[ref] + 1]++;
    }
    std::partial_sum(ends.begin(), ends.end(), ends.begin());
    std::vector<Ref> sorted(snapshot.size());
    std::vector<std::size_t> next(ends.begin(), ends.end() - 1);
    for (Ref ref = 0; ref < snapshot.size(); ref++) sorted[next[roots[ref]]++] = ref;
    for (Ref root = 0; root < snapshot.size(); root++) {
        std::span<Ref> const parts(sorted.data() + ends[root], ends[root + 1] - ends[root]);
        if (parts.empty()) continue;
        std::sort(parts.begin(), parts.end(), [&](Ref a, Ref b) {
            return std::tie(snapshot[a].kind, snapshot[a].identity) <
                   std::tie(snapshot[b].kind, snapshot[b].identity);
        });
        take(snapshot[root], std::span<const Ref>(parts));
    }
}

// Of what the objects are, whatever they need.
std::string fingerprint(const Snapshot &snapshot, std::span<const Ref> parts) {
    std::string text;
    for (Ref const part : parts) {
        append_text(snapshot, part, false, text);
        text += '\n';
    }
    return pg::sha256(text).data;
}

// The same of what they are written as.
std::string fingerprint(const std::vector<std::string> &lines) {
    std::string text;
    for (const std::string &line : lines) {
        text += schema::without_needs(line);
        text += '\n';
    }
    return pg::sha256(text).data;
}

// A row of the record.
struct Entry {
    Kind kind{};
    std::string identity;
    std::string fingerprint;
    std::vector<std::string> lines;

    std::string text() const { return fmt::format("{}\n", fmt::join(lines, "\n")); }
};
using Entries = std::unordered_map<std::string, Entry>;  // by kind and identity

Entries entries_of(const Snapshot &snapshot) {
    Entries entries;
    for_each_entry(snapshot, [&](const Object &root, std::span<const Ref> parts) {
        Entry &entry = entries[key_of(to_string(root.kind), root.identity)];
        entry.kind = root.kind;
        entry.identity = root.identity;
        for (Ref const part : parts) entry.lines.push_back(to_text(snapshot, part));
        entry.fingerprint = fingerprint(entry.lines);
    });
    return entries;
}

struct StoredEntry {
    std::int64_t number = 0;
    std::string fingerprint;
};
using StoredEntries = std::unordered_map<std::string, StoredEntry>;

StoredEntries read_stored(View view) {
    StoredEntries stored;
    Table(kTable, Access::read).scan(view, {1, 2, 3, 4}, [&](Row &row) {
        stored[key_of(text(row, 2), text(row, 3))] = {number(row, 1),
                                                      std::get<pg::Bytes>(row[3]).data};
    });
    return stored;
}

std::vector<std::string> read_lines(std::int64_t entry) {
    auto rows = Table(kTable, Access::read).find(View::latest, {{1, entry}});
    if (rows.empty()) return {};
    std::string const all = text(rows.front(), 5);
    std::vector<std::string> lines;
    for (std::string_view rest = all; !rest.empty();) {
        std::size_t const end = std::min(rest.find('\n'), rest.size());
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

// "kind identity" of a line, both as they are written there.
std::string_view line_key(std::string_view line) {
    return line.substr(0, line.find('\t', line.find('\t') + 1));
}

// What `recorded` becomes by the change from `before` to `now`, line by line.
std::vector<std::string> merge(const std::vector<std::string> &recorded,
                               const std::vector<std::string> &before,
                               const std::vector<std::string> &now) {
    std::unordered_map<std::string_view, std::string_view> then, after;
    for (const std::string &line : before) then[line_key(line)] = line;
    for (const std::string &line : now) after[line_key(line)] = line;
    auto const untouched = [&](std::string_view key) {
        auto const a = then.find(key);
        auto const b = after.find(key);
        if (a == then.end() || b == after.end()) return (a == then.end()) == (b == after.end());
        return a->second == b->second;
    };
    std::vector<std::string> lines;
    for (const std::string &line : recorded)
        if (untouched(line_key(line))) lines.push_back(line);
    for (const std::string &line : now)
        if (!untouched(line_key(line))) lines.push_back(line);
    auto const place = [](std::string_view line) {
        std::size_t const end = line.find('\t');
        return std::pair{schema::find_kind(line.substr(0, end)), line_key(line).substr(end)};
    };
    std::sort(lines.begin(), lines.end(),
              [&](const std::string &a, const std::string &b) { return place(a) < place(b); });
    return lines;
}

bool is_lock_failure() {
    std::string const state = pg::current_error_text().sqlstate;
    return state == "55P03" || state == "40P01";
}

// Nothing when somebody else's locks are in the way.
std::optional<Snapshot> try_read() {
    try {
        return read_recordable();
    } catch (const pg::PgError &) {
        if (!is_lock_failure()) throw;
        pg::ErrorText const error = pg::current_error_text();
        pg::warning("the schema is not recorded: " + error.message,
                    "What is changed outside of migrations is not found before the next run.");
        return std::nullopt;
    }
}

}  // namespace

schema::Filter unrecordable() {
    schema::Filter filter;
    for (Kind const kind : {Kind::user_mapping, Kind::subscription})
        filter.excluded_kinds.emplace(to_string(kind));
    filter.role = pg::quote_name(pg::caller().role);
    return filter;
}

Snapshot read_recordable(const ReadOptions &options) {
    pg::SubTransaction reading;
    try {
        Snapshot snapshot = schema::filtered(read_snapshot(options).snapshot, unrecordable());
        reading.roll_back();
        return snapshot;
    } catch (...) {
        reading.roll_back();
        throw;
    }
}

RecordState read_record_state(View view) {
    Summary const ledger = read_ledger_summary(view);
    Summary const record = read_record_summary(view);
    RecordState state;
    state.exists = record.known;
    auto const sorted = [](std::vector<std::string> heads) {
        std::sort(heads.begin(), heads.end());
        return heads;
    };
    state.current = record.known && record.last == version() && record.total == ledger.total &&
                    sorted(record.heads) == sorted(ledger.heads);
    return state;
}

bool is_record_behind(View view) {
    if (!pg::tracks_drift()) return false;
    RecordState const record = read_record_state(view);
    return !record.current && (record.exists || read_ledger_summary(view).total > 0);
}

Snapshot read_record(View view) {
    std::vector<std::pair<std::pair<Kind, std::string>, std::string>> entries;
    Table(kTable, Access::read).scan(view, {2, 3, 5}, [&](Row &row) {
        std::optional<Kind> const kind = schema::find_kind(text(row, 2));
        entries.push_back({{kind.value_or(Kind::count_), text(row, 3)}, text(row, 5)});
    });
    std::sort(entries.begin(), entries.end());
    std::string all;
    for (auto const &[key, text] : entries) all += text;
    return schema::snapshot_of_text(all);
}

bool is_as_recorded(View view) {
    Snapshot const now = read_recordable({.edges = false});
    StoredEntries const stored = read_stored(view);
    std::size_t count = 0;
    bool same = true;
    for_each_entry(now, [&](const Object &root, std::span<const Ref> parts) {
        count++;
        if (!same) return;
        auto const found = stored.find(key_of(to_string(root.kind), root.identity));
        same = found != stored.end() && found->second.fingerprint == fingerprint(now, parts);
    });
    return same && count == stored.size();
}

// ---- keeping it
// ----------------------------------------------------------------------------------

struct SchemaKeeper::State {
    enum class Mode { off, whole, changes } mode = Mode::off;
    // Of entries that were not as recorded before the run: how they were then. No lines: not there.
    std::unordered_map<std::string, std::vector<std::string>> before;

    void look(const Snapshot &snapshot) {
        mode = Mode::changes;
        Entries entries = entries_of(snapshot);
        StoredEntries const stored = read_stored(View::latest);
        for (auto &[key, entry] : entries) {
            auto const found = stored.find(key);
            if (found == stored.end() || found->second.fingerprint != entry.fingerprint)
                before[key] = std::move(entry.lines);
        }
        for (auto const &[key, entry] : stored)
            if (entries.find(key) == entries.end()) before[key];
    }
};

namespace {

// Whether what is different from the record may be what a run has left unrecorded.
bool must_take_all() {
    return !read_record_state(View::latest).current || !read_unfinished(View::latest).empty();
}

class Writer {
 public:
    Writer() : stored_(read_stored(View::latest)), table_(kTable, Access::write) {}

    const StoredEntry *find(const std::string &key) const {
        auto const found = stored_.find(key);
        return found == stored_.end() ? nullptr : &found->second;
    }
    void write(const std::string &key, const Entry &entry) {
        const StoredEntry *const old = find(key);
        if (old != nullptr && old->fingerprint == entry.fingerprint) return;
        if (old != nullptr)
            table_.update({{1, old->number}},
                          {{4, pg::Bytes{entry.fingerprint}}, {5, entry.text()}});
        else
            table_.insert({next(), std::string(to_string(entry.kind)), entry.identity,
                           pg::Bytes{entry.fingerprint}, entry.text()});
    }
    void remove(const StoredEntry &entry) { table_.remove({{1, entry.number}}); }
    const StoredEntries &stored() const { return stored_; }

 private:
    std::int64_t next() {
        if (!last_) last_ = table_.largest_key(View::latest);
        return ++*last_;
    }

    StoredEntries const stored_;
    Table table_;
    std::optional<std::int64_t> last_;
};

void write_state() {
    Summary summary = read_ledger_summary(View::latest);
    summary.last = version();
    write_record_summary(summary);
}

}  // namespace

SchemaKeeper::SchemaKeeper(std::unique_ptr<State> state) : state_(std::move(state)) {}
SchemaKeeper::SchemaKeeper(SchemaKeeper &&) = default;
SchemaKeeper::~SchemaKeeper() = default;

SchemaKeeper::SchemaKeeper() : state_(std::make_unique<State>()) {
    if (!pg::tracks_drift()) return;
    if (must_take_all())
        state_->mode = State::Mode::whole;
    else if (std::optional<Snapshot> const snapshot = try_read())
        state_->look(*snapshot);
}

SchemaKeeper::SchemaKeeper(const Snapshot &before) : state_(std::make_unique<State>()) {
    if (must_take_all())
        state_->mode = State::Mode::whole;
    else
        state_->look(before);
}

SchemaKeeper SchemaKeeper::whole(bool always) {
    auto state = std::make_unique<State>();
    if (always || pg::tracks_drift()) state->mode = State::Mode::whole;
    return SchemaKeeper(std::move(state));
}

void SchemaKeeper::keep() {
    if (state_->mode == State::Mode::off) return;
    std::optional<Snapshot> const snapshot = try_read();
    if (!snapshot) return;
    Entries const entries = entries_of(*snapshot);
    static const std::vector<std::string> kNothing;
    pg::fault_point("before the schema is recorded");
    Writer writer;
    auto const &before = state_->before;
    for (auto const &[key, entry] : entries) {
        auto const drifted = before.find(key);
        if (drifted == before.end()) {
            writer.write(key, entry);
            continue;
        }
        if (drifted->second == entry.lines) continue;
        const StoredEntry *const old = writer.find(key);
        Entry merged = entry;
        merged.lines = merge(old == nullptr ? kNothing : read_lines(old->number), drifted->second,
                             entry.lines);
        merged.fingerprint = fingerprint(merged.lines);
        if (!merged.lines.empty())
            writer.write(key, merged);
        else if (old != nullptr)
            writer.remove(*old);
    }
    for (auto const &[key, stored] : writer.stored()) {
        if (entries.find(key) != entries.end()) continue;
        // What somebody else has dropped before stays on record.
        if (auto const drifted = before.find(key);
            drifted != before.end() && drifted->second.empty())
            continue;
        writer.remove(stored);
    }
    write_state();
    pg::fault_point("the schema is recorded");
}

}  // namespace migrate::engine
