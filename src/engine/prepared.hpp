// A plan whose every step has been looked at before the first one runs.
#pragma once

#include "core/planner.hpp"
#include "engine/compiled.hpp"
#include "engine/ledger.hpp"

namespace migrate::engine {

// What was asked for.
struct Command {
    core::Direction direction;
    std::string target;
};

struct PreparedStep {
    core::Node node;
    core::Direction direction;
    std::string revision;
    std::string message;
    std::string title;  // revision 9f3c "Add invoices" (0042_invoices.sql), upgrade
    pg::Bytes checksum;
    CompiledScript script;

    core::SectionName name() const {
        return direction == core::Direction::up ? core::SectionName::up : core::SectionName::down;
    }
    // No downgrade section is needed where the upgrade has no statements.
    bool has_statements() const { return script.has(name()); }
    const core::Statements &statements() const;
    std::string_view source() const;  // of the section
};

struct PreparedPlan {
    std::vector<PreparedStep> steps;
    core::Nodes spliced;
    std::vector<std::string> from_heads;
    // How many of the first steps can run in one transaction together.
    std::size_t transactional = 0;

    bool all_transactional() const { return transactional == steps.size(); }
};

core::Plan make_plan(const Catalog &catalog, const Command &command);
// The plan that a queued run was given, without what has been done since. Throws MG014 when the
// rest does not fit the state any more.
core::Plan queued_plan(const Catalog &catalog, core::Direction direction,
                       const std::vector<std::string> &revisions);

// Which steps of a plan can run in one transaction with the others. Reads scripts only where the
// answer depends on what other steps do with a new enum value.
std::vector<bool> transactional_steps(const Catalog &catalog, const core::Plan &plan, View view);

// Reads and parses the scripts of a plan, and refuses what must not run: MG004 (a script that
// changed after it was applied), MG006 (no downgrade), MG009 (a half-applied revision that is not
// in the plan, or whose interrupted statement nobody has judged), MG013 (loaded by an ordinary
// role and run by a superuser).
PreparedPlan prepare(const Catalog &catalog, const core::Plan &plan, View view);

// One step as it is stored, whatever else is to be said against it.
PreparedStep read_step(const Catalog &catalog, core::Step step, View view);

// Throws MG006 for a revision whose upgrade has statements and that has no downgrade section.
void require_downgrade(const Catalog &catalog, core::Node node);

// A NOTICE for revisions that came in below applied ones, which Alembic would never run.
void tell_spliced(const Catalog &catalog, const PreparedPlan &plan);

// Whether a command has nothing to do, without reading the graph: true only when it is certain.
bool nothing_to_do(const Command &command);

}  // namespace migrate::engine
