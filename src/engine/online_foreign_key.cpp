// add_foreign_key
#include "engine/online.hpp"
#include "engine/online_constraint.hpp"
#include "engine/online_probe.hpp"
#include "pg/constraint_form.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

// The columns of a constraint, quoted, in its order; %s: conkey or confkey, and its table.
constexpr const char *kColumns =
    "(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) FROM"
    " unnest(k.{0}) WITH ORDINALITY u(n, place) JOIN pg_attribute a ON a.attrelid = k.{1} AND"
    " a.attnum = u.n)";

class ForeignKey {
 public:
    explicit ForeignKey(const ForeignKeyRequest &request)
        : request_(request), table_(find_table(request.relation)) {
        find_referenced();
        if (request.name) require_name(*request.name);
        columns_ = column_list(table_, request.columns);
        referenced_list_ = column_list(referenced_, referenced_columns_);
        if (request.columns.size() != referenced_columns_.size())
            pg::fail("42830",
                     "number of referencing and referenced columns for foreign key disagree");
        pg::Utility const wanted(text(table_, request.name.value_or("wanted"), true), "options");
        wanted.require_foreign_key(request.name.value_or("wanted"));
        form_ = pg::foreign_key_form(wanted);
    }

    void operator()() {
        std::optional<Named> const there = find_same(table_, request_.name);
        if (there && there->valid)
            return pg::notice(
                fmt::format("constraint \"{}\" of relation \"{}\" exists, nothing to do",
                            there->name, table_.relname));
        if (!there && request_.name && find_constraint(table_, *request_.name))
            fail_other_constraint(table_, *request_.name);
        name_ = there ? there->name : request_.name ? *request_.name : choose(table_);
        if (!there) look();
        if (table_.partitioned() && !pg::compat::kNotNullConstraints)
            add_to_partitions();
        else
            add_to(table_, name_);
    }

 private:
    void find_referenced() {
        referenced_ = read_table(request_.referenced);
        if (referenced_.kind != 'r' && referenced_.kind != 'p')
            pg::fail("42809",
                     fmt::format("referenced relation \"{}\" is not a table", referenced_.relname));
        referenced_columns_ =
            request_.referenced_columns ? *request_.referenced_columns : primary_key();
    }

    pg::Texts primary_key() const {
        pg::Texts columns;
        for (const pg::TextRow &row : pg::query(
                 "SELECT a.attname FROM pg_constraint k, unnest(k.conkey) WITH ORDINALITY u(n, p)"
                 " JOIN pg_attribute a ON a.attnum = u.n WHERE k.conrelid = $1::oid AND k.contype ="
                 " 'p' AND a.attrelid = k.conrelid ORDER BY u.p",
                 {std::to_string(referenced_.oid)}))
            columns.push_back(*row[0]);
        if (columns.empty())
            pg::fail("42704", fmt::format("there is no primary key for referenced table \"{}\"",
                                          referenced_.relname));
        return columns;
    }

    std::string text(const Table &table, const std::string &name, bool not_valid) const {
        return fmt::format(
            "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}) {}\n{}",
            table.name, pg::quote_name(name), columns_, referenced_.name, referenced_list_,
            request_.options, not_valid ? " NOT VALID" : "");
    }

    // As the catalogs would have it.
    std::string description(const Table &table) const {
        std::string set;
        for (const std::string &column : form_.set_columns)
            set += (set.empty() ? "" : ", ") + std::to_string(find_column(table, column).number);
        return fmt::format("{}|{}|{}|{}{}{}{}{}|{}", referenced_.oid, columns_, referenced_list_,
                           form_.on_update, form_.on_delete, form_.match,
                           form_.deferrable ? "t" : "f", form_.deferred ? "t" : "f",
                           set.empty() ? "" : "[" + set + "]");
    }

    std::optional<Named> find_same(const Table &table, const OptionalText &name) const {
        std::string const columns = fmt::format(fmt::runtime(kColumns), "conkey", "conrelid");
        std::string const referenced = fmt::format(fmt::runtime(kColumns), "confkey", "confrelid");
        pg::TextRows const rows = pg::query(
            fmt::format("SELECT k.conname, k.convalidated, concat(k.confrelid, '|', {}, '|', {}, "
                        "'|', k.confupdtype, k.confdeltype, k.confmatchtype, k.condeferrable, "
                        "k.condeferred, '|', to_jsonb(k)->>'confdelsetcols') FROM pg_constraint k "
                        "WHERE k.conrelid = $1::oid AND k.contype = 'f' ORDER BY k.convalidated "
                        "DESC, k.conname",
                        columns, referenced),
            {std::to_string(table.oid)});
        std::string const wanted = description(table);
        for (const pg::TextRow &row : rows)
            if (*row[2] == wanted && (!name || *name == *row[0]))
                return Named{*row[0], *row[1] == "t", false};
        return std::nullopt;
    }

    std::string choose(const Table &table) const {
        return pg::choose_name(table.relname, fmt::format("{}", fmt::join(request_.columns, "_")),
                               "fkey", [&](const std::string &candidate) {
                                   return find_constraint(table, candidate).has_value();
                               });
    }

    // The equality operator of each pair of columns, as the constraint will use it: that of the
    // referenced unique index. Fewer than columns: PostgreSQL will say why there is none.
    std::vector<std::string> operators() const {
        std::vector<std::string> found;
        for (std::size_t i = 0; i < request_.columns.size(); i++) {
            pg::TextRows const rows = pg::query(
                "SELECT format('OPERATOR(%I.%s)', n.nspname, o.oprname)"
                " FROM pg_index i, unnest(i.indkey) WITH ORDINALITY u(n, place),"
                " pg_opclass c, pg_amop m, pg_operator o, pg_namespace n"
                " WHERE i.indrelid = $1::oid AND i.indisunique AND i.indimmediate"
                " AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = $2::int"
                " AND u.n = $3::int2 AND u.place <= i.indnkeyatts"
                " AND c.oid = i.indclass[u.place::int - 1] AND m.amopfamily = c.opcfamily"
                " AND m.amoplefttype = c.opcintype AND m.amopstrategy = 3"
                " AND m.amoprighttype IN (c.opcintype, (SELECT atttypid FROM pg_attribute"
                "  WHERE attrelid = $4::oid AND attnum = $5::int2))"
                " AND o.oid = m.amopopr AND n.oid = o.oprnamespace"
                " ORDER BY m.amoprighttype = c.opcintype LIMIT 1",
                {std::to_string(referenced_.oid), std::to_string(request_.columns.size()),
                 std::to_string(find_column(referenced_, referenced_columns_[i]).number),
                 std::to_string(table_.oid),
                 std::to_string(find_column(table_, request_.columns[i]).number)});
            if (!rows.empty()) found.push_back(*rows[0][0]);
        }
        return found;
    }

    // Rows that refer to nothing.
    void look() const {
        std::vector<std::string> const equal = operators();
        if (equal.size() != request_.columns.size() || !sees_all_rows(table_) ||
            !sees_all_rows(referenced_))
            return;
        std::string some, none, match;
        for (std::size_t i = 0; i < equal.size(); i++) {
            std::string const column = "t." + pg::quote_name(request_.columns[i]);
            some += (i > 0 ? " AND " : "") + column + " IS NOT NULL";
            none += (i > 0 ? " AND " : "") + column + " IS NULL";
            match += (i > 0 ? " AND r." : "r.") + pg::quote_name(referenced_columns_[i]) + " " +
                     equal[i] + " " + column;
        }
        // MATCH FULL wants all of them or none.
        std::string const referring = form_.match == 'f' ? "NOT (" + none + ")" : some;
        std::string const sql = fmt::format(
            "SELECT pg_catalog.concat({}, ' with ', {}) FROM {} t WHERE {} AND NOT EXISTS (SELECT "
            "FROM {} r WHERE {})",
            row_key(table_, "t"), key_text(request_.columns, "t"), table_.only(), referring,
            referenced_.only(), match);
        probe(sql, pg::Names::ours, "row",
              {"23503",
               fmt::format("insert or update on table \"{}\" violates foreign key constraint "
                           "\"{}\"",
                           table_.relname, name_),
               fmt::format("Give these rows a key that is present in table \"{}\", or remove them.",
                           referenced_.relname)});
    }

    // Adds it to one table, wherever that stands.
    void add_to(const Table &table, const std::string &name) const {
        std::optional<Named> const there = find_same(table, name);
        pg::commit_and_begin();
        if (!there) {
            pg::Utility const add(text(table, name, true), "options");
            alter("adding constraint", {&add});
        }
        validate(table, name, !there, [&] { look(); });
    }

    // Before PostgreSQL 18 the parent's cannot be NOT VALID; but it takes the validated ones of its
    // partitions as its own, and then reads nothing.
    void add_to_partitions() const {
        for (bool complete = false; !complete;) {
            for (const Table &leaf : leaves(table_)) {
                std::optional<Named> const there = find_same(leaf, std::nullopt);
                if (there && there->valid) continue;
                add_to(leaf, there                          ? there->name
                             : find_constraint(leaf, name_) ? choose(leaf)
                                                            : name_);
            }
            pg::Utility const add(text(table_, name_, false), "options");
            Oids referenced{referenced_.oid};
            for (const Table &below : descendants(referenced_)) referenced.push_back(below.oid);
            pg::commit_and_begin();
            alter(
                "adding constraint", {&add},
                [&] {
                    std::vector<Table> const all = leaves(table_);
                    complete = std::all_of(all.begin(), all.end(), [&](const Table &leaf) {
                        std::optional<Named> const there = find_same(leaf, std::nullopt);
                        return there && there->valid;
                    });
                    return complete;
                },
                referenced);
        }
    }

    ForeignKeyRequest const request_;
    Table const table_;
    Table referenced_;
    pg::Texts referenced_columns_;
    std::string columns_, referenced_list_, name_;
    pg::ForeignKeyForm form_{};
};

}  // namespace

void add_foreign_key(const ForeignKeyRequest &request) {
    ForeignKey{request}();
}

}  // namespace migrate::engine
