// Answers cases with src/core: one JSON object per line in, one list of answers per line out. The
// form of cases and answers is described in oracle.py, which answers the same with Alembic.
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "core/labels.hpp"
#include "core/place.hpp"
#include "core/planner.hpp"
#include "core/stamp.hpp"

namespace {

using json = nlohmann::json;
using namespace migrate::core;

json failure(const Error &e) {
    return {{"error",
             {{"code", fmt::format("MG{:03}", static_cast<int>(e.code()))},
              {"message", e.message()},
              {"detail", e.detail()},
              {"hint", e.hint()}}}};
}

Graph build(const json &revisions) {
    std::vector<Revision> out;
    for (const json &r : revisions)
        out.push_back({r.at("revision"), "", r.value("down_revision", std::vector<std::string>{}),
                       r.value("depends_on", std::vector<std::string>{}),
                       r.value("branch_labels", std::vector<std::string>{})});
    return Graph(std::move(out));
}

json plan_answer(const Graph &graph, const NodeSet &start, const Plan &plan) {
    json steps = json::array();
    HeadTracker tracker(graph, start);
    for (const Step &step : plan.steps) {
        const HeadChange change = tracker.apply(step);
        steps.push_back({{"direction", step.direction == Direction::up ? "upgrade" : "downgrade"},
                         {"revision", graph.id(step.node)},
                         {"heads", graph.ids(tracker.heads())},
                         {"change", to_string(change.kind)},
                         {"removed", graph.ids(change.removed)},
                         {"added", graph.ids(change.added)}});
    }
    return {{"steps", steps},
            {"heads", graph.ids(tracker.heads())},
            {"spliced", graph.ids(plan.spliced)}};
}

json info(const Graph &graph) {
    const SpreadLabels labels(graph);
    json carried = json::object(), dependencies = json::object(), downs = json::object();
    for (Node n = 0; n < graph.size(); ++n) {
        std::vector<std::string> names;
        for (auto name : labels.of(n)) names.emplace_back(name);
        if (!names.empty()) carried[graph.id(n)] = names;
        const auto own = graph.dependencies(n);
        if (!own.empty()) dependencies[graph.id(n)] = graph.ids(own);
        downs[graph.id(n)] = graph.ids(graph.downs(n));
    }
    Nodes merges;
    for (Node n = 0; n < graph.size(); ++n)
        if (graph.is_merge_point(n)) merges.push_back(n);
    return {{"heads", graph.ids(graph.heads())},
            {"real_heads", graph.ids(graph.real_heads())},
            {"bases", graph.ids(graph.bases())},
            {"real_bases", graph.ids(graph.real_bases())},
            {"branch_points", graph.ids(graph.branch_points())},
            {"merge_points", graph.ids(merges)},
            {"labels", carried},
            {"dependencies", dependencies},
            {"downs", downs}};
}

json answer(const Graph &graph, const json &call) {
    const std::string command = call.at("command");
    NodeSet applied(graph.size());
    for (const std::string id : call.value("applied", json::array()))
        applied.insert(graph.find_id(id).value());
    if (command == "upgrade" || command == "downgrade") {
        const bool up = command == "upgrade";
        const std::string target = call.at("target");
        if (call.value("sql", false)) {
            const SqlPlan sql =
                plan_sql(graph, applied, up ? Direction::up : Direction::down, target);
            return plan_answer(graph, sql.start, sql.plan);
        }
        return plan_answer(
            graph, applied,
            up ? plan_upgrade(graph, applied, target) : plan_downgrade(graph, applied, target));
    }
    if (command == "stamp") {
        const StampPlan plan =
            plan_stamp(graph, applied, call.at("targets"), call.value("purge", false));
        json steps = json::array();
        for (const StampStep &step : plan.steps)
            steps.push_back({{"from", graph.ids(step.from)}, {"to", graph.ids(step.to)}});
        return {{"steps", steps},
                {"heads", graph.ids(plan.heads)},
                {"applied", graph.ids(plan.applied.nodes())},
                {"added", graph.ids(plan.added)},
                {"removed", graph.ids(plan.removed)}};
    }
    if (command == "revision" || command == "merge") {
        RevisionRequest request{call.at("id"), call.at("heads"), call.value("splice", false),
                                call.value("labels", std::vector<std::string>{}),
                                call.value("depends_on", std::vector<std::string>{})};
        const NewRevision r =
            command == "merge" ? place_merge(graph, request) : place_revision(graph, request);
        return {{"revision", r.id},
                {"down_revision", r.parents},
                {"branch_labels", r.labels},
                {"depends_on", r.depends_on}};
    }
    if (command == "history")
        return {
            {"revisions", graph.ids(history(graph, applied, call.at("range").get<std::string>()))}};
    if (command == "resolve")
        return {{"revisions",
                 graph.ids(resolve(graph, applied, call.at("target").get<std::string>()))}};
    if (command == "current") {
        Nodes nodes;
        for (const CurrentRevision &c : current(graph, applied)) nodes.push_back(c.node);
        return {{"revisions", graph.ids(nodes)}, {"at_heads", at_heads(graph, applied)}};
    }
    if (command == "info") return info(graph);
    throw std::invalid_argument("unknown command " + command);
}

json answers(const json &test) {
    json out = json::array();
    try {
        const Graph graph = build(test.at("revisions"));
        for (const json &call : test.at("calls")) {
            try {
                out.push_back(answer(graph, call));
            } catch (const Error &e) {
                out.push_back(failure(e));
            }
        }
    } catch (const Error &e) {
        out = json(test.at("calls").size(), failure(e));
    }
    return out;
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    try {
        for (std::string line; std::getline(std::cin, line);)
            std::cout << answers(json::parse(line)).dump() << std::endl;
    } catch (const std::exception &e) {
        std::cerr << "driver: " << e.what() << '\n';
        return 1;
    }
    return 0;
}
