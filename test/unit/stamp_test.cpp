#include "core/stamp.hpp"

#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

const char *const merged = R"(
    a # root
    b < a
    c1 < b # c1branch
    d1 < c1
    c2 < b # c2branch
    d2 < c2
    e < d1,d2
    f < e)";

TEST(Stamp, MovesAlongTheGraph) {
    const Graph g = graph_of(merged);
    EXPECT_EQ(stamped(g, "", {"head"}), "f");
    EXPECT_EQ(stamped(g, "b", {"c2"}), "c2");
    EXPECT_EQ(stamped(g, "d1 d2", {"b"}), "b");
    EXPECT_EQ(stamped(g, "c1 c2", {"e"}), "e");
    EXPECT_EQ(stamped(g, "f", {"d1"}), "d1");  // as in Alembic, the other side is forgotten
    EXPECT_EQ(stamped(g, "d1", {"c2"}), "d1 c2");
    EXPECT_EQ(stamped(g, "d1 d2", {"base"}), "");
    EXPECT_EQ(stamped(g, "d1 c2", {"c1branch@base"}), "c2");
    EXPECT_EQ(stamped(g, "f", {"f"}), "f");
    EXPECT_EQ(stamped(g, "f", {"c1", "c2"}), "c1 c2");
    EXPECT_EQ(stamped(g, "f", {"d1"}, true), "d1");
    EXPECT_EQ(stamped(g, "f", {}, true), "");
}

TEST(Stamp, SaysWhatChanges) {
    const Graph g = graph_of(merged);
    const StampPlan plan = plan_stamp(g, at(g, "d1 c2"), {"d2"}, false);
    EXPECT_EQ(names(g, plan.added), "d2");
    EXPECT_EQ(plan.removed.size(), 0U);
    ASSERT_EQ(plan.steps.size(), 1U);
    EXPECT_EQ(names(g, plan.steps[0].from), "c2");
    EXPECT_EQ(names(g, plan.steps[0].to), "d2");
    const StampPlan back = plan_stamp(g, at(g, "f"), {"a"}, false);
    EXPECT_EQ(names(g, back.removed), "f e d1 c1 d2 c2 b");
    const StampPlan purge = plan_stamp(g, at(g, "d1"), {"c2"}, true);
    EXPECT_EQ(names(g, purge.added), "c2");
    EXPECT_EQ(names(g, purge.removed), "d1 c1");
    EXPECT_EQ(names(g, purge.applied), "a b c2");
}

TEST(Stamp, FillsGapsBelowWhatItStamps) {
    const Graph g = graph_of("a\nb < a\nc < b\nx\ny < x");
    const NodeSet applied = only(g, "a c y");
    EXPECT_EQ(names(g, plan_stamp(g, applied, {"c"}, false).applied), "a b c y");
    EXPECT_EQ(names(g, plan_stamp(g, applied, {"y"}, false).applied), "a c x y");
    EXPECT_EQ(names(g, plan_stamp(g, applied, {"heads"}, false).applied), "a b c x y");
    EXPECT_TRUE(plan_stamp(g, applied, {"c"}, false).steps.empty());
}

TEST(Stamp, KeepsEverythingItWasTold) {
    const Graph line = graph_of("a\nb < a\nc < b");
    EXPECT_EQ(stamped(line, "", {"a", "c"}), "c");
    EXPECT_EQ(stamped(line, "c", {"a", "c"}), "c");
    const Graph forest = graph_of("p1\nb1 < p1\np2\nb2 < p2");
    EXPECT_EQ(stamped(forest, "b1 b2", {"p1", "b2"}), "p1 b2");
    EXPECT_EQ(stamped(forest, "b1 b2", {"p1", "p2"}), "p1 p2");  // Alembic: KeyError
}

TEST(Stamp, Refuses) {
    const Graph g = graph_of("a\nb < a\nc < a");
    expect_refusal(Code::multiple_heads, R"(multiple heads are present for target "head")",
                   [&] { stamped(g, "", {"head"}); });
    expect_refusal(Code::invalid_target, R"(relative target "-1" cannot be stamped)",
                   [&] { stamped(g, "", {"-1"}); });
    expect_refusal(Code::invalid_target, "no revision to stamp", [&] { stamped(g, "b", {}); });
    EXPECT_TRUE(refusal([&] { stamped(g, "", {"b", ""}); }));
    EXPECT_TRUE(refusal([&] { stamped(g, "", {"a:b"}); }));
    EXPECT_TRUE(refusal([&] { stamped(g, "", {"nosuch@base"}); }));
}

}  // namespace
}  // namespace migrate::core
