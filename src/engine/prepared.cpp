#include "engine/prepared.hpp"

#include "core/messages.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

using core::Code;
using core::Direction;
using core::Error;
using core::SectionName;

namespace {

std::string first_line(const std::string &text) {
    return text.substr(0, text.find('\n'));
}

std::string title_of(const Catalog &catalog, core::Step step) {
    core::Revision const &revision = catalog.graph()[step.node];
    auto const &path = catalog.details(step.node).path;
    return fmt::format("revision {} \"{}\"{}, {}", revision.id, first_line(revision.message),
                       path ? fmt::format(" ({})", *path) : std::string(),
                       to_string(step.direction));
}

// A superuser who runs what an ordinary role has loaded would run it with all rights.
class TrustCheck {
 public:
    TrustCheck()
        : caller_(pg::caller()), owner_(pg::owner_of_tables()), trusted_(pg::trusted_loaders()) {}

    void operator()(const core::Revision &revision, const std::string &loader) {
        if (!caller_.superuser || loader == known_) return;
        if (!trusts(owner_))
            refuse(revision,
                   fmt::format("Role {} owns the extension's tables, and can write into them what "
                               "it likes.",
                               core::quoted(owner_)),
                   owner_, "");
        if (!trusts(loader))
            refuse(revision, fmt::format("Role {} has loaded it.", core::quoted(loader)), loader,
                   ", or load it again yourself after reading it");
        known_ = loader;
    }

 private:
    bool trusts(const std::string &role) const {
        return pg::is_superuser(role) ||
               std::find(trusted_.begin(), trusted_.end(), role) != trusted_.end();
    }

    [[noreturn]] static void refuse(const core::Revision &revision, const std::string &why,
                                    const std::string &role, const char *otherwise) {
        throw Error(Code::untrusted_script,
                    fmt::format("a superuser does not run revision {} of an ordinary role",
                                core::quoted(revision.id)),
                    why +
                        " The script could do all that a superuser can; SET ROLE does not hold "
                        "it back.",
                    fmt::format("Log in as role {}{}, or add the role to migrate.trust_loaders.",
                                core::quoted(role), otherwise));
    }

    pg::Caller const caller_;
    std::string const owner_;
    std::vector<std::string> const trusted_;
    std::string known_;
};

void check_unfinished(const std::vector<Unfinished> &unfinished,
                      const std::vector<PreparedStep> &steps) {
    for (const Unfinished &row : unfinished) {
        bool const planned = std::any_of(steps.begin(), steps.end(), [&](const PreparedStep &s) {
            return s.revision == row.revision && to_string(s.direction) == row.direction;
        });
        if (!planned)
            throw Error(Code::interrupted,
                        fmt::format("the {} of revision {} is not finished", row.direction,
                                    core::quoted(row.revision)),
                        fmt::format("Statements of it that have committed: {}.", row.done),
                        finishing_hint(row));
    }
}

// Judges the whole plan as one transaction, without changing how the steps are cut.
std::vector<bool> judge_together(const std::vector<PreparedStep> &steps) {
    std::vector<core::Statements> copies;
    std::vector<core::SectionStatements> sections;
    copies.reserve(steps.size());
    sections.reserve(steps.size());
    for (const PreparedStep &step : steps) {
        copies.push_back(step.statements());
        sections.push_back({step.source(), &copies.back()});
    }
    core::isolate_enum_values(sections);
    std::vector<bool> transactional;
    for (const core::Statements &statements : copies)
        transactional.push_back(core::all_transactional(statements));
    return transactional;
}

std::size_t leading(const std::vector<bool> &values) {
    return std::find(values.begin(), values.end(), false) - values.begin();
}

// Whether what must be there for the step is there, or comes before it.
bool fits(const core::Graph &graph, core::Step step, const core::NodeSet &applied) {
    auto const absent = [&](core::Node n) { return !applied.contains(n); };
    core::NodeView const below = graph.all_down(step.node), above = graph.all_next(step.node);
    return step.direction == Direction::up ? std::none_of(below.begin(), below.end(), absent)
                                           : std::all_of(above.begin(), above.end(), absent);
}

// A run that commits after each revision: what the same revision goes on to use.
void isolate_own_enum_values(PreparedStep &step) {
    if (!step.has_statements()) return;
    pg::Section &main = step.script.section(step.name());
    std::vector<core::SectionStatements> sections{{main.text(), &main.statements()}};
    core::Statements verify;
    if (step.direction == Direction::up && step.script.has(SectionName::verify)) {
        verify = step.script.section(SectionName::verify).statements();
        sections.push_back({step.script.section(SectionName::verify).text(), &verify});
    }
    core::isolate_enum_values(sections);
}

}  // namespace

const core::Statements &PreparedStep::statements() const {
    static const core::Statements none;
    return has_statements() ? script.section(name()).statements() : none;
}

std::string_view PreparedStep::source() const {
    return has_statements() ? std::string_view(script.section(name()).text()) : std::string_view();
}

core::Plan make_plan(const Catalog &catalog, const Command &command) {
    return command.direction == Direction::up
               ? core::plan_upgrade(catalog.graph(), catalog.applied(), command.target)
               : core::plan_downgrade(catalog.graph(), catalog.applied(), command.target);
}

core::Plan queued_plan(const Catalog &catalog, Direction direction,
                       const std::vector<std::string> &revisions) {
    core::Graph const &graph = catalog.graph();
    core::NodeSet applied = catalog.applied();
    core::Plan plan;
    for (const std::string &id : revisions) {
        core::Step const step{core::resolve_one(graph, id), direction};
        if (applied.contains(step.node) == (direction == Direction::up)) continue;
        if (!fits(graph, step, applied))
            throw Error(Code::invalid_target,
                        fmt::format("the {} of revision {} does not fit the state any more",
                                    to_string(direction), core::quoted(id)),
                        "Other revisions have been applied or taken back since it was queued.",
                        "Call upgrade or downgrade again.");
        if (direction == Direction::up)
            applied.insert(step.node);
        else
            applied.erase(step.node);
        plan.steps.push_back(step);
    }
    return plan;
}

std::vector<bool> transactional_steps(const Catalog &catalog, const core::Plan &plan, View view) {
    bool const depends = std::any_of(plan.steps.begin(), plan.steps.end(), [&](core::Step step) {
        return step.direction == Direction::up && catalog.details(step.node).adds_enum_value;
    });
    if (depends) {
        std::vector<PreparedStep> steps;
        for (core::Step const step : plan.steps) steps.push_back(read_step(catalog, step, view));
        return judge_together(steps);
    }
    std::vector<bool> transactional;
    for (core::Step const step : plan.steps) {
        Details const &details = catalog.details(step.node);
        transactional.push_back(step.direction == Direction::up ? details.up_transactional
                                                                : details.down_transactional);
    }
    return transactional;
}

PreparedStep read_step(const Catalog &catalog, core::Step step, View view) {
    core::Revision const &revision = catalog.graph()[step.node];
    return {step.node,
            step.direction,
            revision.id,
            revision.message,
            title_of(catalog, step),
            catalog.details(step.node).checksum,
            CompiledScript(read_script(view, revision.id), catalog.label(step.node))};
}

void require_downgrade(const Catalog &catalog, core::Node node) {
    Details const &details = catalog.details(node);
    if (!details.down_statements && details.up_statements > 0)
        throw Error(Code::no_downgrade,
                    fmt::format("revision {} has no downgrade section",
                                core::quoted(catalog.graph().id(node))),
                    {}, "Downgrade to this revision at the most, or restore a backup.");
}

PreparedPlan prepare(const Catalog &catalog, const core::Plan &plan, View view) {
    core::Graph const &graph = catalog.graph();
    PreparedPlan result{{}, plan.spliced, {}};
    result.from_heads = graph.ids(core::current_heads(graph, catalog.applied()));
    result.steps.reserve(plan.steps.size());
    TrustCheck check_trust;
    for (core::Step const step : plan.steps) {
        core::Revision const &revision = graph[step.node];
        Details const &details = catalog.details(step.node);
        check_trust(revision, details.loaded_by);
        AppliedRow const *row = catalog.ledger(step.node);
        if (row != nullptr && row->checksum.data != details.checksum.data)
            throw Error(Code::script_changed,
                        fmt::format("script of revision {} changed after it was applied",
                                    core::quoted(revision.id)),
                        {}, "Load the script that was applied.");
        if (step.direction == Direction::down) require_downgrade(catalog, step.node);
        result.steps.push_back(read_step(catalog, step, view));
        if (result.steps.back().script.checksum().data != details.checksum.data)
            throw Error(Code::script_changed,
                        fmt::format("script of revision {} was changed in its table",
                                    core::quoted(revision.id)),
                        {}, "Load it again.");
    }
    std::vector<Unfinished> const unfinished = read_unfinished(view);
    check_unfinished(unfinished, result.steps);
    if (unfinished.empty()) result.transactional = leading(judge_together(result.steps));
    for (PreparedStep &step : result.steps) isolate_own_enum_values(step);
    return result;
}

void tell_spliced(const Catalog &catalog, const PreparedPlan &plan) {
    if (!plan.spliced.empty())
        pg::notice(fmt::format("also running revisions that were added below applied ones: {}",
                               core::join_ids(catalog.graph(), plan.spliced)));
}

bool nothing_to_do(const Command &command) {
    if (command.direction != Direction::up) return false;
    bool const head = command.target == "head";
    if (!head && command.target != "heads") return false;
    Summary const graph = read_graph_summary(View::latest);
    if (!graph.known || (head && graph.heads.size() > 1)) return false;
    return graph.total == read_ledger_summary(View::latest).total &&
           read_unfinished(View::latest).empty();
}

}  // namespace migrate::engine
