#include "engine/backfill_store.hpp"

#include "engine/row.hpp"
#include "engine/stripes.hpp"

namespace migrate::engine {

using pg::Access;
using pg::Row;
using pg::Table;
using pg::Value;

namespace {

pg::Texts texts(const Row &row, int column) {
    Value const &value = row[column - 1];
    return pg::is_null(value) ? pg::Texts() : std::get<pg::Texts>(value);
}

Row row_of(const BackfillJob &job) {
    bool const scripted = !job.position.by_hand();
    return {job.id,
            std::string(job.purge ? "purge" : "backfill"),
            static_cast<std::int64_t>(job.relation),
            job.relation_name,
            text_or_null(job.assignments),
            text_or_null(job.condition),
            job.run,
            text_or_null(job.position.revision),
            scripted ? Value(job.position.direction) : Value(),
            scripted ? Value(std::int64_t{job.position.statement}) : Value(),
            job.done,
            std::int64_t{job.round},
            job.rows,
            job.batches,
            job.longest,
            job.started_at,
            job.ended_at ? Value(*job.ended_at) : Value()};
}

BackfillJob job_of(const Row &row) {
    BackfillJob job;
    job.id = number(row, 1);
    job.purge = text(row, 2) == "purge";
    job.relation = static_cast<Oid>(number(row, 3));
    job.relation_name = text(row, 4);
    job.assignments = text(row, 5);
    job.condition = text(row, 6);
    job.run = number(row, 7);
    job.position.revision = text(row, 8);
    job.position.direction = text(row, 9);
    if (!pg::is_null(row[9])) job.position.statement = static_cast<int>(number(row, 10));
    job.done = std::get<bool>(row[10]);
    job.round = static_cast<int>(number(row, 12));
    job.rows = number(row, 13);
    job.batches = number(row, 14);
    job.longest = std::get<pg::Duration>(row[14]);
    job.started_at = std::get<pg::Instant>(row[15]);
    if (!pg::is_null(row[16])) job.ended_at = std::get<pg::Instant>(row[16]);
    return job;
}

Row row_of(const BackfillRange &range) {
    return {range.job,
            std::int64_t{range.number},
            std::int64_t{range.round},
            static_cast<std::int64_t>(range.leaf),
            range.filenode,
            range.from,
            range.to,
            range.region,
            range.region_end,
            std::int64_t{range.stripe},
            range.next,
            range.after.empty() ? Value() : Value(range.after),
            range.by_key ? Value(range.last) : Value(),
            range.rows,
            range.batches,
            range.longest,
            range.done};
}

BackfillRange range_of(const Row &row) {
    BackfillRange range;
    range.job = number(row, 1);
    range.number = static_cast<int>(number(row, 2));
    range.round = static_cast<int>(number(row, 3));
    range.leaf = static_cast<Oid>(number(row, 4));
    range.filenode = number(row, 5);
    range.from = number(row, 6);
    range.to = number(row, 7);
    range.region = number(row, 8);
    range.region_end = number(row, 9);
    range.stripe = static_cast<int>(number(row, 10));
    range.next = number(row, 11);
    range.after = texts(row, 12);
    range.by_key = !pg::is_null(row[12]);
    range.last = texts(row, 13);
    range.rows = number(row, 14);
    range.batches = number(row, 15);
    range.longest = std::get<pg::Duration>(row[15]);
    range.done = std::get<bool>(row[16]);
    return range;
}

// All columns after the first `key` ones.
std::vector<pg::Key> changes(Row row, std::size_t key) {
    std::vector<pg::Key> result;
    for (std::size_t i = key; i < row.size(); i++)
        result.push_back({static_cast<int>(i + 1), std::move(row[i])});
    return result;
}

}  // namespace

bool BackfillJob::same_work(const BackfillJob &other) const {
    return purge == other.purge && relation == other.relation &&
           relation_name == other.relation_name && assignments == other.assignments &&
           condition == other.condition;
}

std::int64_t BackfillRange::blocks_done() const {
    if (done) return to - from;
    std::int64_t const size = region_end - region;
    if (by_key || size == 0) return 0;
    std::int64_t const passes = stripe < kStripes ? stripe : 0;
    std::int64_t const all = stripe < kStripes ? kStripes : 1;
    return region - from + (passes * size + next - region) / all;
}

void insert_job(BackfillJob &job) {
    Table table("backfill_job", Access::write);
    job.id = table.largest_key(pg::View::latest) + 1;
    table.insert(row_of(job));
}

void update_job(const BackfillJob &job) {
    Table("backfill_job", Access::write).update({{1, job.id}}, changes(row_of(job), 1));
}

std::vector<BackfillJob> read_jobs(pg::View view) {
    std::vector<BackfillJob> jobs;
    std::vector<int> columns(17);
    for (std::size_t i = 0; i < columns.size(); i++) columns[i] = static_cast<int>(i + 1);
    Table("backfill_job", Access::read).scan(view, columns, [&](Row &row) {
        jobs.push_back(job_of(row));
    });
    std::sort(jobs.begin(), jobs.end(),
              [](const BackfillJob &a, const BackfillJob &b) { return a.id < b.id; });
    return jobs;
}

void remove_job(std::int64_t id) {
    remove_ranges(id);
    Table("backfill_job", Access::write).remove({{1, id}});
}

void insert_ranges(const std::vector<BackfillRange> &ranges) {
    Table table("backfill_range", Access::write);
    for (const BackfillRange &range : ranges) table.insert(row_of(range));
}

void update_range(const BackfillRange &range) {
    Table("backfill_range", Access::write)
        .update({{1, range.job}, {2, std::int64_t{range.number}}}, changes(row_of(range), 2));
}

std::vector<BackfillRange> read_ranges(std::int64_t job) {
    std::vector<BackfillRange> ranges;
    for (const Row &row : Table("backfill_range", Access::read).find(pg::View::latest, {{1, job}}))
        ranges.push_back(range_of(row));
    return ranges;
}

std::optional<BackfillRange> find_range(std::int64_t job, int number) {
    auto rows = Table("backfill_range", Access::read)
                    .find(pg::View::latest, {{1, job}, {2, std::int64_t{number}}});
    if (rows.empty()) return std::nullopt;
    return range_of(rows.front());
}

void remove_ranges(std::int64_t job) {
    Table("backfill_range", Access::write).remove({{1, job}});
}

void forget_jobs(const std::string &revision) {
    for (BackfillJob &job : read_jobs(pg::View::latest)) {
        if (job.position.revision != revision) continue;
        if (!job.done) {
            remove_job(job.id);
            continue;
        }
        job.position = {};
        update_job(job);
    }
}

}  // namespace migrate::engine
