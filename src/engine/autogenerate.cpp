#include "engine/autogenerate.hpp"

#include "pg/aside.hpp"
#include "pg/frame.hpp"
#include "pg/parser.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

using schema::Snapshot;
using schema::Statement;

namespace {

constexpr int kRepairs = 3;

// Runs statements as they are going to run, but all in this transaction. Returns the number of the
// one that fails through `failed`.
void run(const std::vector<Statement> &statements, std::size_t &failed) {
    for (std::size_t i = 0; i < statements.size(); i++) {
        failed = i;
        pg::Section const section(statements[i].sql);
        pg::ContextFrame const frame(statements[i].sql);
        for (std::size_t part = 0; part < section.statements().size(); part++) {
            section.run_in_transaction(part);
            pg::allow_new_enum_values();
        }
    }
    failed = statements.size();
}

class Prover {
 public:
    Prover(const Snapshot &current, const Snapshot &desired, const GenerateOptions &options)
        : current_(current), desired_(desired) {
        diff_.style.role = pg::quote_name(pg::caller().role);
        diff_.style.online = options.online;
        diff_.style.version = pg::kMajorVersion;
    }

    Generated prove() {
        Generated result;
        while (!attempt(result)) {
        }
        return result;
    }

 private:
    // False: something failed that may be done in another way.
    bool attempt(Generated &result) {
        result = {};
        result.up = diff(current_, desired_, diff_);
        pg::SubTransaction work;
        std::vector<Statement> *running = &result.up;
        std::size_t failed = 0;
        try {
            pg::SettingsLevel settings;
            settings.set("client_min_messages", "error");
            run(result.up, failed);
            arrive(desired_, result.up, failed, "upgrade", result.unproven);
            result.down = diff(desired_, current_, diff_);
            running = &result.down;
            run(result.down, failed);
            arrive(current_, result.down, failed, "downgrade", result.unproven);
            settings.close();
            work.roll_back();
            return true;
        } catch (const pg::PgError &) {
            work.roll_back();
            if (failed < running->size()) {
                Statement const &statement = (*running)[failed];
                std::string const label =
                    fmt::format("{} {}", to_string(statement.kind), statement.object);
                if (statement.change == schema::Change::alter &&
                    diff_.replaced.insert(label).second)
                    return false;
            }
            throw;
        } catch (...) {
            work.roll_back();
            throw;
        }
    }

    // What is still different is changed by further statements.
    void arrive(const Snapshot &wanted, std::vector<Statement> &statements, std::size_t &failed,
                const char *direction, std::vector<std::string> &unproven) {
        for (int i = 0; i < kRepairs; i++) {
            Snapshot const reached = read_snapshot().snapshot;
            std::vector<Statement> more = diff(reached, wanted, diff_);
            if (more.empty()) return;
            std::size_t const before = statements.size();
            statements.insert(statements.end(), more.begin(), more.end());
            run(more, failed);
            failed += before;
        }
        Snapshot const reached = read_snapshot().snapshot;
        for (const schema::Object &object : reached.objects()) {
            schema::Ref const other = wanted.find(object.kind, object.identity);
            if (other == schema::kNone || !schema::differences(object, wanted[other]).empty())
                unproven.push_back(fmt::format("{}: {}", direction, schema::label_of(object)));
        }
        for (const schema::Object &object : wanted.objects())
            if (reached.find(object.kind, object.identity) == schema::kNone)
                unproven.push_back(fmt::format("{}: {}", direction, schema::label_of(object)));
    }

    const Snapshot &current_;
    const Snapshot &desired_;
    schema::DiffOptions diff_;
};

}  // namespace

Generated generate(const Reading &current, const Snapshot &desired,
                   const GenerateOptions &options) {
    return Prover(current.snapshot, desired, options).prove();
}

std::string to_script(const std::vector<Statement> &statements) {
    std::string text;
    for (const Statement &statement : statements) text += statement.sql + ";\n";
    return text;
}

}  // namespace migrate::engine
