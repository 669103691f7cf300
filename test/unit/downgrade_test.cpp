#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

TEST(Downgrade, AlongALine) {
    const Graph g = graph_of("a\nb < a\nc < b\nd < c\ne < d");
    EXPECT_EQ(down(g, "e", "c"), "e d");
    EXPECT_EQ(down(g, "e", "-1"), "e");
    EXPECT_EQ(down(g, "c", "-3"), "c b a");
    EXPECT_EQ(down(g, "e", "d-2"), "e d c");
    EXPECT_EQ(down(g, "e", "b+1"), "e d");
    EXPECT_EQ(down(g, "e", "base"), "e d c b a");
    EXPECT_EQ(down(g, "", "base"), "");
    EXPECT_EQ(down(g, "c", "c"), "");
    EXPECT_EQ(down(g, "e", "head"), "");
    const auto refused = [&](const char *target, const char *message) {
        expect_refusal(Code::invalid_target, message, [&] { down(g, "c", target); });
    };
    refused("-4", R"(relative target "-4" does not produce 4 migrations)");
    refused(
        "-99999999999999999999",
        R"(relative target "-99999999999999999999" does not produce 99999999999999999999 migrations)");
    refused("+1", R"(relative target "+1" is not a downgrade)");
    refused("-0", R"(relative target "-0" is not a downgrade)");
    refused("b-5", R"(walked too far: target "b-5" is outside of the graph)");
    refused("d", R"(destination "d" is not a valid downgrade target from current heads)");
}

TEST(Downgrade, OneBranch) {
    const Graph g = graph_of(branched);
    EXPECT_EQ(down(g, "d1 d2", "c2branch@b"), "d2 c2");
    EXPECT_EQ(down(g, "d1 d2", "c1"), "d1");
    EXPECT_EQ(down(g, "d1 d2", "b"), "d1 c1 d2 c2");
    EXPECT_EQ(down(g, "d1 d2", "c1branch@-1"), "d1");
    EXPECT_EQ(down(g, "d1 d2", "c2branch@-2"), "d2 c2");
    EXPECT_EQ(down(g, "d1 d2", "c1@c1"), "d1");
    EXPECT_EQ(heads_through(g, "d1 d2", plan_downgrade(g, at(g, "d1 d2"), "b")), "c1 d2|d2|c2|b");
}

// Difference 3: Alembic drops the other branch too, and takes any label.
TEST(Downgrade, BranchBaseStaysOnItsBranch) {
    const Graph g = graph_of(branched);
    const auto error = refusal([&] { down(g, "d1 d2", "c1branch@base"); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), Code::invalid_target);
    EXPECT_EQ(error->message(),
              R"(target "c1branch@base" would take down revisions outside of the branch)");
    EXPECT_EQ(error->detail(), "They are d2, c2.");
    EXPECT_EQ(down(g, "d1", "c1branch@base"), "d1 c1 b a");
    EXPECT_TRUE(refusal([&] { down(g, "d1 d2", "c1branch@-4"); }));
    expect_refusal(Code::unknown_revision, R"(no such branch "nolabel")",
                   [&] { down(g, "d1 d2", "nolabel@base"); });
    expect_refusal(Code::invalid_target, R"(revision "c2" is not a member of branch "c1branch")",
                   [&] { down(g, "d1 d2", "c1branch@c2"); });

    const Graph forest = graph_of("a1 # one\nb1 < a1\na2 # two\nb2 < a2\nx > b1");
    EXPECT_EQ(down(forest, "b1 b2", "one@base"), "b1 a1");
    EXPECT_TRUE(refusal([&] { down(forest, "x b2", "one@base"); }));  // x depends on b1
}

// Difference 4.
TEST(Downgrade, UndoesAMerge) {
    const Graph g = graph_of("a\nb1 < a\nb2 < a\nm < b1,b2\nc < m");
    EXPECT_EQ(down(g, "m", "-1"), "m");
    EXPECT_EQ(heads_through(g, "m", plan_downgrade(g, at(g, "m"), "-1")), "b1 b2");
    EXPECT_EQ(down(g, "c", "-2"), "c m");
    EXPECT_EQ(down(g, "m", "b1"), "m");
    expect_refusal(Code::invalid_target, "ambiguous walk", [&] { down(g, "c", "-3"); });
    expect_refusal(Code::invalid_target, "ambiguous walk", [&] { down(g, "c", "m-1"); });
}

TEST(Downgrade, CountingFromSeveralHeads) {
    const Graph g = graph_of(branched);
    const auto error = refusal([&] { down(g, "d1 d2", "-1"); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code(), Code::multiple_heads);
    EXPECT_EQ(error->detail(), "The current heads are d1, d2.");
    EXPECT_EQ(error->hint(), "Name the branch, as in d1@-1.");
    expect_refusal(Code::invalid_target, R"(no revision of branch "c1branch" is applied)",
                   [&] { down(g, "", "c1branch@-1"); });
    expect_refusal(Code::multiple_heads,
                   R"(target "a@-1" is ambiguous with multiple current revisions on the branch)",
                   [&] { down(g, "d1 d2", "a@-1"); });
}

TEST(Downgrade, TakesDependentsWithIt) {
    const Graph g = graph_of("a1 # lib1\nb1 < a1\na2 # lib2\nb2 < a2 > b1\nc2 < b2");
    EXPECT_EQ(down(g, "c2", "a1"), "c2 b2 b1");
    EXPECT_EQ(heads_through(g, "c2", plan_downgrade(g, at(g, "c2"), "a1")), "b2|b1 a2|a1 a2");
    EXPECT_EQ(down(g, "c2", "lib1@-1"), "c2 b2 b1");
    EXPECT_EQ(down(g, "c2", "lib2@-1"), "c2");
    // b1 is applied only because b2 needs it, and nothing follows it.
    EXPECT_TRUE(refusal([&] { down(g, "c2", "b1"); }));
}

// #1373 and what comes after it: rows that are not minimal.
TEST(Downgrade, HeadsStayMaximal) {
    const Graph g = graph_of("p0\np1 < p0\nq0\np2 < p1 > p0");
    EXPECT_EQ(heads_through(g, "p2 q0", plan_downgrade(g, at(g, "p2 q0"), "p0")), "p1 q0|p0 q0");
    const Graph deps =
        graph_of("a1\nb1 < a1\nc1 < b1\na2\nb2 < a2 > b1\nc2 < b2 > c1\nd1 < c1 > c2");
    EXPECT_EQ(heads_through(deps, "d1", plan_downgrade(deps, at(deps, "d1"), "b1")), "c2|c1 b2|b2");
}

TEST(Downgrade, LeavesGapsAlone) {
    const Graph g = graph_of("a\nb < a\nc < b\nd < c");
    const auto plan = [&](const char *applied, const char *target) {
        return steps(g, plan_downgrade(g, only(g, applied), target));
    };
    EXPECT_EQ(plan("a c d", "base"), "d c a");
    EXPECT_EQ(plan("a c d", "-3"), "d c");
    EXPECT_EQ(plan("a c", "-1"), "c");
    EXPECT_EQ(plan("a c", "b"), "c");
    HeadTracker tracker(g, only(g, "a c"));
    const HeadChange change = tracker.apply({*g.find("c"), Direction::down});
    EXPECT_EQ(change.kind, HeadChange::Kind::update);
    EXPECT_EQ(names(g, change.added), "a");
    EXPECT_EQ(tracker.apply({*g.find("c"), Direction::down}).kind, HeadChange::Kind::none);
    EXPECT_EQ(tracker.apply({*g.find("a"), Direction::down}).kind, HeadChange::Kind::remove);
    EXPECT_TRUE(tracker.heads().empty());
}

// Alembic's TwinMergeTest and NotQuiteTwinMergeTest.
TEST(Downgrade, TwinMerges) {
    const Graph twin = graph_of("a\nb1 < a\nb2 < a\nb3 < a\nc1 < b1,b2,b3\nc2 < b1,b2,b3\nd1 < c1");
    HeadTracker t(twin, at(twin, "b1 b2 b3"));
    const auto go = [&](const Graph &g, HeadTracker &tracker, const char *id, Direction direction) {
        const HeadChange change = tracker.apply({*g.find(id), direction});
        return std::string(to_string(change.kind)) + " " + names(g, tracker.heads());
    };
    EXPECT_EQ(go(twin, t, "c1", Direction::up), "merge c1");
    EXPECT_EQ(go(twin, t, "c2", Direction::up), "insert c1 c2");
    EXPECT_EQ(go(twin, t, "d1", Direction::up), "update c2 d1");
    EXPECT_EQ(go(twin, t, "d1", Direction::down), "update c1 c2");
    EXPECT_EQ(go(twin, t, "c1", Direction::down), "delete c2");
    EXPECT_EQ(go(twin, t, "c2", Direction::down), "unmerge b1 b2 b3");
    const Graph near = graph_of("a\nb1 < a\nb2 < a\nb3 < a\nc1 < b1,b2\nc2 < b2,b3");
    HeadTracker n(near, at(near, "c1 c2"));
    EXPECT_EQ(go(near, n, "c2", Direction::down), "update b3 c1");
    EXPECT_EQ(go(near, n, "c1", Direction::down), "unmerge b1 b2 b3");
}

}  // namespace
}  // namespace migrate::core
