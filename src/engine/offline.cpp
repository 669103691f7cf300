#include "engine/offline.hpp"

#include "core/messages.hpp"
#include "engine/step.hpp"

namespace migrate::engine {

using core::SectionName;

namespace {

// For a comment: whatever ends one, for the server or for psql, ends it too early.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return text;
}

void write_statements(std::string &out, const pg::Section &section, std::size_t first,
                      std::size_t last) {
    // Comments between statements come along.
    std::size_t begin = first == 0 ? 0 : section.statements()[first - 1].end;
    std::string_view const text = section.text();
    while (begin < text.size() && (text[begin] == ';' || text[begin] == '\n')) begin++;
    out += text.substr(begin, section.statements()[last - 1].end - begin);
    out += ";\n";
}

bool sets_session(const pg::Section &section) {
    return std::any_of(section.statements().begin(), section.statements().end(),
                       [](const core::Statement &s) { return s.sets_session; });
}

class Writer {
 public:
    explicit Writer(const Catalog &catalog) : catalog_(catalog) {}

    void step(core::Step step, const core::HeadTracker &heads) {
        CompiledScript script(read_script(View::statement, catalog_.graph().id(step.node)),
                              catalog_.label(step.node));
        SectionName const name =
            step.direction == core::Direction::up ? SectionName::up : SectionName::down;
        if (step.direction == core::Direction::down) require_downgrade(catalog_, step.node);
        out_ += fmt::format("-- {}\n", one_line(announcement(catalog_.graph(), step)));
        bool open = false;
        auto transaction = [&](bool wanted) {
            if (wanted != open) out_ += wanted ? "BEGIN;\n" : "COMMIT;\n";
            open = wanted;
        };
        if (script.has(name)) {
            pg::Section &section = script.section(name);
            std::vector<core::SectionStatements> const own{{section.text(), &section.statements()}};
            core::isolate_enum_values(own);
            for (const core::Group &group : core::cut_groups(section.statements())) {
                transaction(group.transactional);
                write_statements(out_, section, group.first, group.last);
            }
        }
        transaction(true);
        // What a revision sets ends with it.
        if (script.has(name) && sets_session(script.section(name)))
            out_ += "RESET ALL;\nRESET ROLE;\n";
        out_ += fmt::format("SELECT migrate.stamp({}, purge => true);\n",
                            core::sql_array(catalog_.graph().ids(heads.heads())));
        transaction(false);
        out_ += '\n';
    }

    std::string take() { return std::move(out_); }

 private:
    const Catalog &catalog_;
    std::string out_;
};

}  // namespace

std::string write_sql(const Command &command) {
    Catalog const catalog(View::statement);
    core::SqlPlan plan =
        core::plan_sql(catalog.graph(), catalog.applied(), command.direction, command.target);
    core::HeadTracker heads(catalog.graph(), std::move(plan.start));
    Writer writer(catalog);
    for (core::Step const step : plan.plan.steps) {
        heads.apply(step);
        writer.step(step, heads);
    }
    return writer.take();
}

}  // namespace migrate::engine
