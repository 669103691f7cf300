#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

const char *const line = "a\nb < a\nc < b\nd < c\ne < d";

TEST(Upgrade, AlongALine) {
    const Graph g = graph_of(line);
    EXPECT_EQ(up(g, "", "head"), "a b c d e");
    EXPECT_EQ(up(g, "c", "e"), "d e");
    EXPECT_EQ(up(g, "c", "+1"), "d");
    EXPECT_EQ(up(g, "", "+2"), "a b");
    EXPECT_EQ(up(g, "a", "b+2"), "b c d");
    EXPECT_EQ(up(g, "a", "d-1"), "b c");
    EXPECT_EQ(up(g, "a", "e-3"), "b");
    EXPECT_EQ(up(g, "", "base+2"), "a b");
    EXPECT_EQ(up(g, "b", "head-1"), "c d");
    EXPECT_EQ(up(g, "e", "head"), "");
    EXPECT_EQ(up(g, "e", "c"), "");  // an older one: nothing to do
    EXPECT_EQ(up(g, "e", "base"), "");
}

TEST(Upgrade, OfAnEmptyGraphIsNothing) {
    const Graph g = graph_of("");
    EXPECT_EQ(up(g, "", "head"), "");
    EXPECT_EQ(up(g, "", "heads"), "");
    EXPECT_EQ(up(g, "", "base"), "");
    EXPECT_EQ(down(g, "", "base"), "");
    EXPECT_TRUE(history(g, NodeSet()).empty());
    EXPECT_TRUE(history(g, NodeSet(), "base:head").empty());
    EXPECT_TRUE(refusal([&] { up(g, "", "+1"); }));
    EXPECT_TRUE(refusal([&] { down(g, "", "-1"); }));
}

TEST(Upgrade, RelativeTargetsThatLeadNowhere) {
    const Graph g = graph_of(line);
    const auto refused = [&](const char *target, const char *message) {
        expect_refusal(Code::invalid_target, message, [&] { up(g, "c", target); });
    };
    refused("+3", R"(relative target "+3" does not produce 3 migrations)");
    refused("-1", R"(relative target "-1" does not produce 1 migrations)");
    refused("+0", R"(relative target "+0" does not produce 0 migrations)");
    refused("-0", R"(relative target "-0" does not produce 0 migrations)");
    refused("b-2", R"(relative target "b-2" does not produce 2 migrations)");
    refused("e+1", R"(relative target "e+1" does not produce 1 migrations)");
    refused(
        "+99999999999999999999999",
        R"(relative target "+99999999999999999999999" does not produce 99999999999999999999999 migrations)");
    EXPECT_EQ(up(g, "", "b+0"), "a b");
    EXPECT_EQ(up(g, "c", "+01"), "d");
}

TEST(Upgrade, BothBranches) {
    const Graph g = graph_of(branched);
    // The line that was created last runs first.
    EXPECT_EQ(up(g, "", "heads"), "a b c2 d2 c1 d1");
    EXPECT_EQ(up(g, "b", "c1branch@head"), "c1 d1");
    EXPECT_EQ(up(g, "b", "c1branch@+1"), "c1");
    EXPECT_EQ(up(g, "a", "c2branch@+2"), "b c2");
    EXPECT_EQ(up(g, "c1 c2", "c2branch@+1"), "d2");
    EXPECT_EQ(up(g, "d1", "c2branch@+1"), "c2");
    EXPECT_EQ(up(g, "", "c2branch@+3"), "a b c2");
    EXPECT_EQ(up(g, "b", "d1@head"), "c1 d1");
    EXPECT_EQ(up(g, "b", "c1branch@d1"), "c1 d1");
    EXPECT_EQ(up(g, "", "c1branch@heads"), "a b c1 d1");
    expect_refusal(Code::invalid_target, "ambiguous walk", [&] { up(g, "b", "+1"); });
    expect_refusal(Code::invalid_target, "ambiguous upgrade from multiple current revisions",
                   [&] { up(g, "c1 c2", "+1"); });
}

TEST(Upgrade, SeveralHeadsAreNamed) {
    const Graph g = graph_of("ae1027a6acf\n27c6a30d7c24");
    const auto error = refusal([&] { up(g, "", "head"); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), Code::multiple_heads);
    EXPECT_EQ(error->message(), R"(multiple heads are present for target "head")");
    EXPECT_EQ(error->detail(), "The heads are ae1027a6acf, 27c6a30d7c24.");
    EXPECT_EQ(error->hint(),
              "Name one revision, branch@head for one branch, or heads for all; or join them: "
              "SELECT migrate.merge('merge heads', '{ae1027a6acf,27c6a30d7c24}');");
}

TEST(Upgrade, MergesAndDependencies) {
    const Graph diamond = graph_of("a\nb1 < a\nb2 < a\nm < b1,b2");
    EXPECT_EQ(up(diamond, "", "head"), "a b2 b1 m");
    EXPECT_EQ(heads_through(diamond, "", plan_upgrade(diamond, at(diamond, ""), "head")),
              "a|b2|b1 b2|m");
    const Graph forest = graph_of("a1\nb1 < a1\na2\nb2 < a2");
    EXPECT_EQ(up(forest, "", "heads"), "a2 b2 a1 b1");
    // DependsOnBranchTestOne
    const Graph depends = graph_of("a1 # lib1\nb1 < a1\na2 # lib2\nb2 < a2 > b1");
    EXPECT_EQ(up(depends, "", "lib2@head"), "a1 b1 a2 b2");
    EXPECT_EQ(up(depends, "", "heads"), "a1 b1 a2 b2");
    // Versioned heads may overlap through a dependency.
    const Graph overlap = graph_of("r # lab\nx < r\ny < r > x");
    expect_refusal(Code::broken_graph,
                   R"(requested revision "x" overlaps with other requested revisions y)",
                   [&] { up(overlap, "", "lab@heads"); });
}

TEST(Upgrade, MergeWithARedundantDependency) {
    // Alembic: KeyError.
    const Graph g = graph_of("r0\nx1 < r0\nx2 < x1\ny2 < r0\nm < x2,y2 > r0");
    const Plan plan = plan_upgrade(g, at(g, "x2 y2"), "head");
    EXPECT_EQ(steps(g, plan), "m");
    EXPECT_EQ(heads_through(g, "x2 y2", plan), "m");
}

TEST(Upgrade, FillsWhatWasSplicedIn) {
    const Graph g = graph_of("a\nb < a\nc < b\nx < a\nd < c,x");
    const NodeSet applied = only(g, "a c");
    EXPECT_EQ(names(g, gaps(g, applied)), "b");
    const Plan plan = plan_upgrade(g, applied, "heads");
    EXPECT_EQ(steps(g, plan), "b x d");
    EXPECT_EQ(names(g, plan.spliced), "b");
    EXPECT_EQ(names(g, pending(g, applied, "c")), "b");
    EXPECT_EQ(names(g, pending(g, applied, "x")), "x");  // b is not below x
    EXPECT_FALSE(at_heads(g, only(g, "a c d x")));
    EXPECT_TRUE(at_heads(g, at(g, "d")));

    HeadTracker tracker(g, applied);
    EXPECT_EQ(names(g, tracker.heads()), "c");
    EXPECT_EQ(tracker.apply({*g.find("b"), Direction::up}).kind, HeadChange::Kind::none);
    EXPECT_EQ(tracker.apply({*g.find("b"), Direction::up}).kind, HeadChange::Kind::none);
    EXPECT_EQ(tracker.apply({*g.find("x"), Direction::up}).kind, HeadChange::Kind::insert);
    const HeadChange merge = tracker.apply({*g.find("d"), Direction::up});
    EXPECT_EQ(to_string(merge.kind), "merge");
    EXPECT_EQ(names(g, merge.removed), "c x");
}

TEST(Upgrade, RangesAreForScripts) {
    const Graph g = graph_of(line);
    expect_refusal(Code::invalid_target, R"(range "a:c" is not allowed here)",
                   [&] { up(g, "", "a:c"); });
    const auto sql = [&](const char *state, Direction direction, const char *target) {
        const SqlPlan plan = plan_sql(g, at(g, state), direction, target);
        return names(g, plan.start) + ": " + steps(g, plan.plan);
    };
    EXPECT_EQ(sql("e", Direction::up, "a:c"), "a: b c");
    EXPECT_EQ(sql("b", Direction::up, "head"), "a b: c d e");
    EXPECT_EQ(sql("b", Direction::up, "current:+1"), "a b: c");
    EXPECT_EQ(sql("b", Direction::up, ":b"), ": a b");
    EXPECT_EQ(sql("b", Direction::up, "a:current"), "a: b");
    EXPECT_EQ(sql("", Direction::down, "d:b"), "a b c d: d c");
    EXPECT_EQ(sql("c", Direction::down, "current:-1"), "a b c: c");
    EXPECT_EQ(sql("c", Direction::down, "-1"), "a b c: c");
    for (const char *bad : {"a:", ":b", "a:b:c", ":", "+1:b", "zzzz:b"})
        EXPECT_TRUE(refusal([&] { plan_sql(g, at(g, "c"), Direction::down, bad); })) << bad;
}

}  // namespace
}  // namespace migrate::core
