#include "engine/loader.hpp"

#include <map>

#include "core/messages.hpp"
#include "engine/compiled.hpp"
#include "engine/ledger.hpp"
#include "engine/turn.hpp"
#include "pg/hash.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using core::Code;
using core::Error;

namespace {

constexpr std::size_t kMaxProblemsTold = 10;

class Loader {
 public:
    Loader()
        : revisions_(read_revisions(View::latest)),
          ledger_(read_applied(View::latest)),
          unfinished_(read_unfinished(View::latest)),
          summary_(read_graph_summary(View::latest)),
          role_(pg::caller().role),
          now_(pg::now()) {
        for (std::size_t i = 0; i < revisions_.size(); i++) {
            by_id_.emplace(revisions_[i].revision.id, i);
            if (revisions_[i].details.path) by_path_.emplace(*revisions_[i].details.path, i);
        }
    }

    void read(std::vector<SourceFile> files) {
        std::sort(files.begin(), files.end(),
                  [](const auto &a, const auto &b) { return a.path < b.path; });
        for (SourceFile &file : files) read(file);
        if (!problems_.empty()) fail();
        follow_paths();
        check_references();
        if (!problems_.empty()) fail();
    }

    // Whether it changes a revision that is there, and does not only add others.
    bool replaces() const {
        return std::any_of(entries_.begin(), entries_.end(), [](const auto &entry) {
            return entry.second.change == Change::replaced;
        });
    }

    std::vector<LoadedFile> store() {
        write(build_graph());
        return std::move(result_);
    }

 private:
    enum class Change { none, fresh, replaced };

    struct Entry {
        Change change = Change::none;
        std::string script;  // of a fresh or replaced one
        bool header_parents = false;
    };

    // A malformed file is noted and the rest is read on, so that one call shows all problems.
    void read(SourceFile &file) {
        try {
            take(file);
        } catch (const core::LocatedError &e) {
            problems_.push_back(e);
        } catch (const Error &e) {
            problems_.emplace_back(e, std::string(), 0, fmt::format("file \"{}\"", file.path));
        }
    }

    void take(SourceFile &file) {
        if (file.path.empty()) throw Error(Code::malformed_script, "path of a file is empty");
        if (std::any_of(file.path.begin(), file.path.end(),
                        [](char c) { return static_cast<unsigned char>(c) < ' '; }))
            throw Error(Code::malformed_script, "path of a file has a control character");
        std::string const script = core::normalise(file.text);
        pg::Bytes const checksum = pg::sha256(script);
        auto const at_path = by_path_.find(file.path);
        if (at_path != by_path_.end()) {
            StoredRevision const &old = revisions_[at_path->second];
            if (old.details.script_checksum.data == checksum.data) {
                seen(old.revision.id, file.path);
                adopt(at_path->second, script);
                result_.push_back({file.path, old.revision.id, "unchanged"});
                return;
            }
        }
        CompiledScript const compiled(script, file.path);
        core::Header const &header = compiled.header();
        core::NamedBy const name = core::read_file_name(file.path);
        std::string const id = header.revision.value_or(name.revision);
        if (!header.revision) core::check_revision_id(id);
        seen(id, file.path);
        if (at_path != by_path_.end() && revisions_[at_path->second].revision.id != id)
            throw Error(Code::malformed_script,
                        fmt::format("file was loaded as revision \"{}\" and now is \"{}\"",
                                    revisions_[at_path->second].revision.id, id),
                        {}, "Remove the old revision first, or give the file another name.");

        StoredRevision stored;
        stored.revision.id = id;
        stored.revision.message = header.message.value_or(name.message);
        stored.revision.parents = header.revises.value_or(std::vector<std::string>());
        stored.revision.depends_on = header.depends_on;
        stored.revision.labels = header.labels;
        compiled.describe(stored.details);
        stored.details.path = file.path;
        stored.details.follows_path = !header.revises;
        stored.details.loaded_by = role_;
        stored.details.loaded_at = now_;
        place(std::move(stored), script);
    }

    // A superuser who loads what an ordinary role has loaded before vouches for it.
    void adopt(std::size_t i, const std::string &script) {
        Details &details = revisions_[i].details;
        if (details.loaded_by == role_ || !pg::is_superuser(role_) ||
            pg::is_superuser(details.loaded_by))
            return;
        details.loaded_by = role_;
        details.loaded_at = now_;
        entries_[i] = {Change::replaced, script};
    }

    void seen(const std::string &id, const std::string &path) {
        auto const [other, is_new] = seen_.emplace(id, path);
        if (!is_new)
            throw Error(Code::broken_graph, fmt::format("revision \"{}\" is in two files", id),
                        fmt::format("The other one is \"{}\".", other->second));
    }

    void place(StoredRevision stored, const std::string &script) {
        std::string const path = *stored.details.path;
        std::string const id = stored.revision.id;
        auto const known = by_id_.find(id);
        if (known == by_id_.end()) {
            stored.details.seq = ++summary_.last;
            by_id_.emplace(id, revisions_.size());
            by_path_.emplace(path, revisions_.size());
            entries_[revisions_.size()] = {Change::fresh, script};
            revisions_.push_back(std::move(stored));
            result_.push_back({path, id, "new"});
            return;
        }
        StoredRevision &old = revisions_[known->second];
        if (old.details.checksum.data != stored.details.checksum.data) require_unused(id);
        bool const same = old.details.script_checksum.data == stored.details.script_checksum.data &&
                          file_name(id, old.details) == path;
        if (same) {
            adopt(known->second, script);
            result_.push_back({path, id, "unchanged"});
            return;
        }
        stored.details.seq = old.details.seq;
        if (old.details.path) by_path_.erase(*old.details.path);
        by_path_.emplace(path, known->second);
        result_.push_back({path, id, "changed"});
        entries_[known->second] = {Change::replaced, script};
        old = std::move(stored);
    }

    void require_unused(const std::string &id) const {
        for (const AppliedRow &row : ledger_)
            if (row.revision == id)
                throw Error(Code::script_changed,
                            fmt::format("script of applied revision \"{}\" changed", id), {},
                            "Restore the file, and put the change into a new revision.");
        for (const Unfinished &row : unfinished_)
            if (row.revision == id)
                throw Error(Code::interrupted,
                            fmt::format("script of half applied revision \"{}\" changed", id), {},
                            "Restore the file and finish the revision with migrate.upgrade().");
    }

    // Revisions without a parent of their own follow the file before them.
    void follow_paths() {
        const std::string *before = nullptr;
        for (auto const &[path, i] : by_path_) {
            StoredRevision &stored = revisions_[i];
            if (stored.details.follows_path) {
                std::vector<std::string> parents;
                if (before != nullptr) parents.push_back(*before);
                if (parents != stored.revision.parents) {
                    stored.revision.parents = std::move(parents);
                    entries_[i].header_parents = true;
                }
            }
            before = &stored.revision.id;
        }
    }

    // The graph would refuse these too, but without the file.
    void check_references() {
        std::unordered_map<std::string_view, bool> labels;
        for (const StoredRevision &stored : revisions_)
            for (const std::string &label : stored.revision.labels) labels.emplace(label, true);
        for (auto const &[i, entry] : entries_) {
            core::Revision const &revision = revisions_[i].revision;
            for (const std::string &parent : revision.parents)
                if (!by_id_.contains(parent)) missing(i, "revises", parent);
            for (const std::string &other : revision.depends_on)
                if (!by_id_.contains(other) && !labels.contains(other))
                    missing(i, "depends", other);
        }
    }

    void missing(std::size_t i, std::string_view directive, const std::string &name) {
        StoredRevision const &stored = revisions_[i];
        problems_.emplace_back(
            Error(Code::broken_graph,
                  fmt::format("revision {} that revision {} {} does not exist", core::quoted(name),
                              core::quoted(stored.revision.id),
                              directive == "revises" ? "revises" : "depends on"),
                  {}, "Load it in the same call, or correct the header."),
            std::string(), 0, fmt::format("file \"{}\"", stored.details.path.value_or("")));
    }

    core::Graph build_graph() const {
        std::vector<core::Revision> nodes;
        nodes.reserve(revisions_.size());
        for (const StoredRevision &stored : revisions_) nodes.push_back(stored.revision);
        return core::Graph(std::move(nodes));
    }

    void write(const core::Graph &graph) {
        if (entries_.empty()) return;
        for (auto const &[i, entry] : entries_) {
            if (entry.change == Change::fresh)
                insert_revision(revisions_[i], entry.script);
            else if (entry.change == Change::replaced)
                replace_revision(revisions_[i], entry.script);
            else if (entry.header_parents)
                replace_parents(revisions_[i].revision.id, revisions_[i].revision.parents);
        }
        summary_.total = static_cast<std::int64_t>(revisions_.size());
        summary_.heads = graph.ids(graph.heads());
        write_graph_summary(summary_);
    }

    [[noreturn]] void fail() const {
        core::LocatedError const &first = problems_.front();
        std::string detail = first.detail();
        for (std::size_t i = 1; i < problems_.size() && i <= kMaxProblemsTold; i++)
            detail += fmt::format("{}{}: {}.", detail.empty() ? "Also " : "\nAlso ",
                                  problems_[i].context(), problems_[i].message());
        if (problems_.size() > kMaxProblemsTold + 1)
            detail += fmt::format("\nAnd {} more.", problems_.size() - kMaxProblemsTold - 1);
        throw core::LocatedError(Error(first.code(), first.message(), detail, first.hint()),
                                 first.query(), first.position(), first.context());
    }

    std::vector<StoredRevision> revisions_;
    std::vector<AppliedRow> const ledger_;
    std::vector<Unfinished> const unfinished_;
    Summary summary_;
    std::string const role_;
    pg::Instant const now_;
    std::unordered_map<std::string, std::size_t> by_id_;
    std::map<std::string, std::size_t> by_path_;
    std::unordered_map<std::string, std::string> seen_;  // id to path, in this call
    std::map<std::size_t, Entry> entries_;               // what is to be written
    std::vector<core::LocatedError> problems_;
    std::vector<LoadedFile> result_;
};

}  // namespace

std::vector<LoadedFile> load(std::vector<SourceFile> files) {
    pg::require_writable("migrate.load()");
    take_turn(pg::LockName::author);
    {
        Loader loader;
        loader.read(files);
        if (!loader.replaces()) return loader.store();
    }
    // A run may be about to apply what changes. When it has ended, things may look different.
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
    Loader loader;
    loader.read(std::move(files));
    return loader.store();
}

}  // namespace migrate::engine
