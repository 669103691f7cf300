// Large graphs of several shapes: every plan has all revisions, in a sound order. What is quadratic
// does not finish in the time a test has.
#include <gtest/gtest.h>

#include <functional>

#include "core/labels.hpp"
#include "graph_helper.hpp"

namespace migrate::core {
namespace {

constexpr std::size_t many = 100'000;
using Numbers = std::vector<std::size_t>;
using Shape = std::function<Numbers(std::size_t)>;

Graph large(const Shape &parents, const Shape &dependencies = {}) {
    const auto name = [](std::size_t i) { return "r" + std::to_string(i); };
    std::vector<Revision> out(many);
    for (std::size_t i = 0; i < many; ++i) {
        out[i].id = name(i);
        for (std::size_t p : parents(i)) out[i].parents.push_back(name(p));
        if (!dependencies) continue;
        for (std::size_t d : dependencies(i)) out[i].depends_on.push_back(name(d));
    }
    return Graph(std::move(out));
}

void check(const Graph &g) {
    const Plan plan = plan_upgrade(g, NodeSet(g.size()), "heads");
    ASSERT_EQ(plan.steps.size(), many);
    HeadTracker tracker(g, NodeSet(g.size()));
    for (const Step &step : plan.steps) {
        for (Node down : g.all_down(step.node)) ASSERT_TRUE(tracker.applied().contains(down));
        tracker.apply(step);
    }
    EXPECT_EQ(tracker.heads(), g.real_heads());
    const Plan back = plan_downgrade(g, tracker.applied(), "base");
    ASSERT_EQ(back.steps.size(), many);
    for (const Step &step : back.steps) tracker.apply(step);
    EXPECT_TRUE(tracker.applied().empty() && tracker.heads().empty());
    EXPECT_EQ(plan_stamp(g, NodeSet(g.size()), {"heads"}, false).added.size(), many);
    EXPECT_EQ(history(g, NodeSet(g.size())).size(), many);
    EXPECT_EQ(pending(g, tracker.applied(), "+1").size(), g.bases().size() == 1 ? 1U : 0U);
}

TEST(Scale, Line) {
    check(large([](std::size_t i) { return i ? Numbers{i - 1} : Numbers{}; }));
}

TEST(Scale, Fan) {
    check(large([](std::size_t i) { return i ? Numbers{0} : Numbers{}; }));
}

TEST(Scale, TenThousandLines) {
    check(large(
        [](std::size_t i) { return i == 0 ? Numbers{} : Numbers{i <= 10'000 ? 0 : i - 10'000}; }));
}

TEST(Scale, Diamonds) {
    check(large([](std::size_t i) {
        if (i == 0) return Numbers{};
        return i % 3 == 0 ? Numbers{i - 1, i - 2} : Numbers{i % 3 == 1 ? i - 1 : i - 2};
    }));
}

TEST(Scale, TenThousandParents) {
    check(large([](std::size_t i) {
        Numbers out;
        if (i == 10'001)
            for (std::size_t p = 1; p <= 10'000; ++p) out.push_back(p);
        else if (i > 0)
            out.push_back(i <= 10'000 ? 0 : i - 1);
        return out;
    }));
}

// Two lines on one base.
Numbers two_lines(std::size_t i) {
    return i == 0 ? Numbers{} : Numbers{i < 2 ? 0 : i - 2};
}

TEST(Scale, LadderOfDependencies) {
    check(large(two_lines, [](std::size_t i) { return i % 2 ? Numbers{i - 1} : Numbers{}; }));
}

TEST(Scale, OneThatDependsOnAll) {
    check(large(two_lines, [](std::size_t i) {
        Numbers out;
        if (i + 1 == many)
            for (std::size_t d = 0; d + 1 < many; d += 2) out.push_back(d);
        else if (i % 2)
            out.push_back(i - 1);
        return out;
    }));
}

TEST(Scale, DependenciesFarDown) {
    check(large([](std::size_t i) { return i ? Numbers{i - 1} : Numbers{}; },
                [](std::size_t i) { return i ? Numbers{i * 7919 % i} : Numbers{}; }));
}

TEST(Scale, EveryRevisionHasALabel) {
    std::vector<Revision> out(many);
    for (std::size_t i = 0; i < many; ++i) {
        out[i].id = "r" + std::to_string(i);
        out[i].labels = {"l" + std::to_string(i)};
        if (i) out[i].parents = {"r" + std::to_string(i - 1)};
    }
    const Graph g(std::move(out));
    const SpreadLabels labels(g);
    EXPECT_EQ(labels.of(0).size(), many);  // a plain line: all labels everywhere
    EXPECT_EQ(labels.of(many / 2).size(), many);
}

}  // namespace
}  // namespace migrate::core
