#include "engine/watch.hpp"

#include "pg/catalog_reader.hpp"
#include "pg/table_locks.hpp"

namespace migrate::engine {

namespace {

Oid to_oid(const char *text) {
    return static_cast<Oid>(std::stoul(text));
}

}  // namespace

Relations read_relations() {
    Relations relations;
    pg::read_rows(
        R"(
SELECT c.oid, format('%I.%I', n.nspname, c.relname), c.relkind, coalesce(i.indrelid, c.oid),
  CASE WHEN c.relkind IN ('r', 'm') THEN c.relfilenode END
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
  AND c.relpersistence <> 't' AND n.nspname NOT IN ('migrate', 'pg_toast'))",
        [](const auto &) {},
        [&](const auto &v) {
            relations[to_oid(v[0])] = {v[1], v[2][0], to_oid(v[3]), v[4] != nullptr ? v[4] : ""};
        });
    return relations;
}

CountersOf read_counters() {
    CountersOf counters;
    pg::read_rows(
        "SELECT relid, seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del "
        "FROM pg_stat_xact_user_tables WHERE schemaname <> 'migrate'",
        [](const auto &) {},
        [&](const auto &v) {
            auto const number = [&](std::size_t i) {
                return v[i] != nullptr ? std::strtoll(v[i], nullptr, 10) : 0;
            };
            counters[to_oid(v[0])] = {number(1), number(2), number(3), number(4)};
        });
    return counters;
}

Counters since(const CountersOf &before, const CountersOf &after, Oid table) {
    Counters a, b;
    if (auto const found = before.find(table); found != before.end()) a = found->second;
    if (auto const found = after.find(table); found != after.end()) b = found->second;
    return {b.scanned - a.scanned, b.inserted - a.inserted, b.updated - a.updated,
            b.deleted - a.deleted};
}

HeldLocks read_held_locks() {
    HeldLocks locks;
    pg::read_rows(
        R"(
SELECT l.relation, l.mode FROM pg_locks AS l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
        [](const auto &) {},
        [&](const auto &v) {
            for (int mode = 1; mode <= pg::kStrongestLock; mode++)
                if (pg::lock_mode_name(mode) == v[1]) locks.emplace(to_oid(v[0]), mode);
        });
    return locks;
}

}  // namespace migrate::engine
