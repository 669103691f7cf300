#include "engine/derive.hpp"

#include "engine/given_text.hpp"
#include "engine/keep.hpp"
#include "engine/losses.hpp"
#include "engine/polite.hpp"
#include "engine/proof.hpp"
#include "engine/trying.hpp"
#include "pg/aside.hpp"
#include "pg/emptied.hpp"
#include "pg/frame.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/table_locks.hpp"
#include "schema/joined.hpp"

namespace migrate::engine {

using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;
using schema::Snapshot;
using schema::Statement;

namespace {

// Of an error that rows as they are cause, and not the statement as such.
bool is_about_rows(const std::string &sqlstate) {
    return sqlstate.starts_with("23") || sqlstate.starts_with("22");
}

Snapshot look() {
    return without_keep_schema(read_snapshot().snapshot);
}

class Derivation {
 public:
    Derivation(const std::string &upgrade, const std::optional<std::string> &keep)
        : text_(upgrade, "upgrade"),
          upgrade_(text_.section()),
          keep_(keep),
          options_(diff_options()) {
        text_.refuse_what_cannot_run();
        Reading const before = read_snapshot();
        names_ = read_names(before);
        before_ = without_keep_schema(before.snapshot);
    }

    Derived derive() {
        while (!attempt()) {
        }
        require_unchanged(before_, look());
        return std::move(result_);
    }

 private:
    // False: something failed that may be done in another way.
    bool attempt() {
        result_ = {};
        down_.clear();
        remarks_.clear();
        pg::SubTransaction work;
        std::size_t failed = 0;
        try {
            take_locks([this] { return locks(); });
            pg::SettingsLevel settings;
            settings.set("client_min_messages", "error");
            settings.set("lock_timeout", statement_lock_timeout());
            run_upgrade();
            empty_tables();
            give_names_back(names_, down_, failed);
            remember_losses(read_snapshot());
            result_.unproven = arrive(before_, options_, look, down_, failed);
            settings.close();
            work.roll_back();
        } catch (const pg::PgError &error) {
            std::string const state = pg::current_error_text().sqlstate;
            std::string const message = pg::current_error_text().message;
            work.roll_back();
            if (failed < down_.size() && is_about_rows(state) && set_aside(failed, message))
                return false;
            if (find_another_way(down_, failed, state, options_)) return false;
            if (failed < down_.size()) pg::add_hint(error, kByHand);
            throw;
        } catch (...) {
            work.roll_back();
            throw;
        }
        write();
        return true;
    }

    pg::RelationLocks locks() const {
        pg::RelationLocks locks;
        for (std::size_t i = 0; i < upgrade_.statements().size(); i++) upgrade_.add_locks(i, locks);
        return locks;
    }

    void run_upgrade() {
        Trying const trying;
        RowChanges changes(names_);
        result_.up.clear();
        std::size_t written = 0;
        for (std::size_t i = 0; i < upgrade_.statements().size(); i++) {
            pg::ScriptFrame const frame(text_.label(), text_.place(i));
            changes.meet(upgrade_, i);
            std::optional<Kept> const kept = keep(i);
            if (!kept) upgrade_.try_out(i);
            pg::allow_new_enum_values();
            if (!kept) continue;
            core::Statement const &statement = upgrade_.statements()[i];
            result_.up += upgrade_.text().substr(written, statement.begin - written) + kept->sql;
            written = statement.end;
        }
        result_.up += upgrade_.text().substr(written);
        for (Remark &remark : changes.finish()) remarks_.push_back(std::move(remark));
    }

    std::optional<Kept> keep(std::size_t index) {
        if (!keep_) return std::nullopt;
        std::optional<Kept> kept;
        try {
            kept = run_and_keep(upgrade_, index, *keep_);
        } catch (const core::Error &error) {
            text_.fail_at(index, error);
        }
        if (!kept) return kept;
        for (const std::string &what : kept->deviating)
            result_.unproven.push_back("upgrade that keeps data: " + what);
        for (const std::string &text : kept->what) result_.kept.push_back(text);
        return kept;
    }

    void remember_losses(const Reading &after) {
        std::vector<Statement> const forward =
            diff(before_, without_keep_schema(after.snapshot), options_);
        for (Remark &remark : find_losses(forward)) remarks_.push_back(std::move(remark));
        for (Remark &remark : find_replaced(names_, after)) remarks_.push_back(std::move(remark));
        for (Remark &remark : find_narrowings(names_, after)) remarks_.push_back(std::move(remark));
    }

    // A statement that failed on rows: whether it may do without those of its table.
    bool set_aside(std::size_t failed, const std::string &message) {
        Statement const &statement = down_[failed];
        Ref ref = before_.find(statement.kind, statement.object);
        while (ref != kNone && before_[ref].kind != Kind::table) ref = before_[ref].parent;
        if (ref == kNone) return false;
        std::string const &table = before_[ref].identity;
        fails_on_rows_[statement.sql] =
            fmt::format("fails on the rows that {} has now: {}", table, message);
        return emptied_.insert(table).second;
    }

    void empty_tables() const {
        pg::RelationLocks tables;
        for (const std::string &name : emptied_)
            for (const pg::TextRow &row :
                 pg::query("SELECT c.oid FROM pg_class AS c WHERE c.relkind = 'r' AND (c.oid = "
                           "to_regclass($1) OR c.oid IN (SELECT relid FROM "
                           "pg_partition_tree(to_regclass($1))))",
                           {name}))
                tables.push_back({static_cast<Oid>(std::stoul(*row[0])), pg::kStrongestLock});
        pg::EmptiedTables().empty(tables, -1);
    }

    void write() {
        std::vector<std::string> lines(down_.size() + 1);
        auto const comment = [&](std::size_t at, const std::string &text) {
            std::string flat = text;
            std::replace(flat.begin(), flat.end(), '\n', ' ');
            lines[at] += "-- " + flat + "\n";
            result_.remarks.push_back(flat);
        };
        for (const std::string &what : result_.unproven)
            lines[0] += "-- not proven: " + what + "\n";
        for (const std::string &what : result_.kept) lines[0] += "-- " + what + "\n";
        for (const Remark &remark : remarks_) comment(place_of(remark), remark.text);
        for (std::size_t i = 0; i < down_.size(); i++)
            if (auto const found = fails_on_rows_.find(down_[i].sql); found != fails_on_rows_.end())
                comment(i + 1, found->second);
        result_.down = lines[0];
        for (std::size_t i = 0; i < down_.size();) {
            std::size_t const next = i + schema::count_joined(down_, i);
            std::string const sql = schema::joined(down_, i);
            for (; i < next; i++) result_.down += lines[i + 1];
            result_.down += sql + ";\n";
        }
    }

    // 0: the top.
    std::size_t place_of(const Remark &remark) const {
        for (std::size_t i = 0; i < down_.size(); i++)
            if (!remark.object.empty() &&
                remark.object == fmt::format("{} {}", to_string(down_[i].kind), down_[i].object))
                return i + 1;
        return 0;
    }

    static constexpr const char *kByHand =
        "The statement is one of the downgrade that was derived; write the downgrade by hand.";

    GivenText const text_;
    const pg::Section &upgrade_;
    std::optional<std::string> const keep_;
    schema::DiffOptions options_;
    NamesThen names_;
    Snapshot before_;
    std::set<std::string> emptied_;                     // tables
    std::map<std::string, std::string> fails_on_rows_;  // by statement
    std::vector<Statement> down_;
    std::vector<Remark> remarks_;
    Derived result_;
};

}  // namespace

Derived derive_downgrade(const std::string &upgrade, const std::optional<std::string> &keep) {
    return Derivation(upgrade, keep).derive();
}

Derived derive_for_revision(const std::string &upgrade, const std::optional<std::string> &keep) {
    Derived derived = derive_downgrade(upgrade, keep);
    if (!derived.unproven.empty())
        throw core::Error(core::Code::no_downgrade, "the downgrade cannot be proven",
                          fmt::format("After it: {}.", fmt::join(derived.unproven, "; ")),
                          "Begin with what migrate.derive_downgrade() gives, and write the rest by "
                          "hand.");
    if (!derived.remarks.empty())
        pg::notice("the downgrade does not bring everything back",
                   fmt::format("{}", fmt::join(derived.remarks, "\n")));
    if (!derived.kept.empty())
        pg::notice("the upgrade keeps data for the downgrade",
                   fmt::format("{}", fmt::join(derived.kept, "\n")),
                   "SELECT * FROM migrate.kept() tells how to end that.");
    return derived;
}

}  // namespace migrate::engine
