// The revisions as they are stored: rows on one side, the core's structs on the other.
#pragma once

#include "core/applied.hpp"
#include "core/graph.hpp"
#include "pg/table.hpp"

namespace migrate::engine {

using pg::View;

// What is stored of a revision beside its place in the graph.
struct Details {
    std::int64_t seq = 0;
    std::optional<std::string> path;
    bool follows_path = false;  // its parent is the file before it in name order
    pg::Bytes checksum;         // of the sections
    pg::Bytes script_checksum;  // of the whole script
    std::string loaded_by;
    pg::Instant loaded_at{};
    int up_statements = 0;
    std::optional<int> down_statements;  // none: no downgrade section
    bool up_transactional = true;
    bool down_transactional = true;
    bool adds_enum_value = false;
};

// The file that a revision is, or would be, in.
std::string file_name(const std::string &id, const Details &details);

struct StoredRevision {
    core::Revision revision;
    Details details;
};

struct AppliedRow {
    std::string revision;
    pg::Instant applied_at{};
    std::string applied_by;
    std::string method;  // "upgrade" or "stamp"
    std::optional<std::int64_t> run;
    pg::Bytes checksum;
};

// All revisions, in order of creation.
std::vector<StoredRevision> read_revisions(View view);
std::vector<AppliedRow> read_applied(View view);

// The graph, what is stored of each node, and the ledger.
class Catalog {
 public:
    // Throws MG008 when the stored graph is broken.
    explicit Catalog(View view);
    Catalog(std::vector<StoredRevision> revisions, std::vector<AppliedRow> ledger);

    const core::Graph &graph() const { return graph_; }
    const core::NodeSet &applied() const { return applied_; }
    const Details &details(core::Node n) const { return details_[n]; }
    const AppliedRow *ledger(core::Node n) const;  // null: not applied
    // "0042_invoices.sql", or the id of a revision that came without a file.
    const std::string &label(core::Node n) const;

 private:
    static core::Graph take_graph(std::vector<StoredRevision> &revisions,
                                  std::vector<Details> &details);
    std::vector<Details> details_;  // before graph_: filled while it is built
    core::Graph graph_;
    core::NodeSet applied_;
    std::vector<AppliedRow> ledger_;
    std::unordered_map<core::Node, std::size_t> ledger_of_;
};

// The script of a stored revision.
std::string read_script(View view, const std::string &revision);

// Writing. The caller holds the author lock; afterwards summarise_graph() must be called once.
void insert_revision(const StoredRevision &stored, const std::string &script);
void replace_revision(const StoredRevision &stored, const std::string &script);
void replace_parents(const std::string &revision, const std::vector<std::string> &parents);
void remove_revision(const std::string &revision);

// Sums over the tables, for the upgrade that has nothing to do.
struct Summary {
    std::int64_t total = 0;
    std::int64_t last = 0;  // the largest seq ever given
    std::vector<std::string> heads;
    bool known = false;  // false: nobody has written it, as after a restore of single tables
};
Summary read_graph_summary(View view);  // all zero when there is none
Summary read_ledger_summary(View view);
// Of the recorded schema: as the ledger's was then, and `last` says how it is written.
Summary read_record_summary(View view);
void write_graph_summary(const Summary &summary);
void write_ledger_summary(const Summary &summary);
void write_record_summary(const Summary &summary);

}  // namespace migrate::engine
