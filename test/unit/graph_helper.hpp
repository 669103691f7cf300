// Small graphs and readable plans for the tests.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "core/planner.hpp"
#include "core/stamp.hpp"

namespace migrate::core {

// Alembic's BranchedPathTest
inline constexpr const char *branched = R"(
    a
    b < a
    c1 < b # c1branch
    d1 < c1
    c2 < b # c2branch
    d2 < c2)";

// One revision a line: "id < parent,parent > dependency,dependency # label,label". The file is read
// with the oldest first.
inline Graph graph_of(const std::string &text) {
    const auto split = [](const std::string &list) {
        std::vector<std::string> out;
        std::stringstream in(list);
        for (std::string item; std::getline(in, item, ',');) out.push_back(item);
        return out;
    };
    std::vector<Revision> revisions;
    std::stringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::stringstream words(line);
        Revision r;
        if (!(words >> r.id)) continue;
        for (std::string sign, list; words >> sign >> list;)
            (sign == "<" ? r.parents : sign == ">" ? r.depends_on : r.labels) = split(list);
        revisions.push_back(std::move(r));
    }
    return Graph(std::move(revisions));
}

inline std::string joined(const std::vector<std::string> &words) {
    std::string out;
    for (const std::string &word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

inline std::string names(const Graph &graph, NodeView nodes) {
    return joined(graph.ids(nodes));
}
inline std::string names(const Graph &graph, const NodeSet &set) {
    return names(graph, set.nodes());
}

// The revisions of a space-separated list, without what they stand on.
inline NodeSet only(const Graph &graph, const std::string &ids) {
    NodeSet out(graph.size());
    std::stringstream words(ids);
    for (std::string id; words >> id;) out.insert(graph.find_id(id).value());
    return out;
}

// ... and with it: the state in which these are current.
inline NodeSet at(const Graph &graph, const std::string &ids) {
    return graph.ancestors(only(graph, ids).nodes());
}

inline std::string steps(const Graph &graph, const Plan &plan) {
    std::vector<std::string> out;
    for (const Step &step : plan.steps) out.push_back(graph.id(step.node));
    return joined(out);
}

inline std::string up(const Graph &graph, const std::string &state, const std::string &target) {
    return steps(graph, plan_upgrade(graph, at(graph, state), target));
}

inline std::string down(const Graph &graph, const std::string &state, const std::string &target) {
    return steps(graph, plan_downgrade(graph, at(graph, state), target));
}

inline std::string stamped(const Graph &graph, const std::string &state,
                           const std::vector<std::string> &targets, bool purge = false) {
    return names(graph, plan_stamp(graph, at(graph, state), targets, purge).heads);
}

// The current heads after each step: "a|b|c d".
inline std::string heads_through(const Graph &graph, const std::string &state, const Plan &plan) {
    HeadTracker tracker(graph, at(graph, state));
    std::string out;
    for (const Step &step : plan.steps) {
        tracker.apply(step);
        out += (out.empty() ? "" : "|") + names(graph, tracker.heads());
    }
    return out;
}

template <typename Call>
std::optional<Error> refusal(Call call) {
    try {
        call();
    } catch (const Error &e) {
        return e;
    }
    return std::nullopt;
}

template <typename Call>
void expect_refusal(Code code, const std::string &message, Call call) {
    const auto error = refusal(call);
    ASSERT_TRUE(error) << "accepted, but should be: " << message;
    EXPECT_EQ(static_cast<int>(error->code()), static_cast<int>(code)) << error->message();
    EXPECT_EQ(error->message(), message);
}

}  // namespace migrate::core
