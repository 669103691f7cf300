#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

TEST(History, Ranges) {
    const Graph g = graph_of("a\nb < a\nc < b\nd < c\ne < d");
    const auto shown = [&](const char *state, const char *range) {
        return names(g, history(g, at(g, state), range));
    };
    EXPECT_EQ(names(g, history(g, at(g, ""))), "e d c b a");
    EXPECT_EQ(shown("", ":"), "e d c b a");
    EXPECT_EQ(shown("", "b:d"), "d c b");
    EXPECT_EQ(shown("", "b:"), "e d c b");
    EXPECT_EQ(shown("", ":b"), "b a");
    EXPECT_EQ(shown("", " c:+1 "), "d c");
    EXPECT_EQ(shown("", "-2:e"), "e d c");
    EXPECT_EQ(shown("", "-9:c"), "c b a");
    EXPECT_EQ(shown("c", "current:"), "e d c");
    EXPECT_EQ(shown("c", ":current"), "c b a");
    EXPECT_EQ(shown("c", "current:current"), "c");
    EXPECT_EQ(shown("", ":current"), "");
    EXPECT_EQ(shown("", "current:"), "e d c b a");
    expect_refusal(Code::invalid_target, R"("b" is not a range)", [&] { shown("", "b"); });
    expect_refusal(Code::invalid_target, R"(range "a:b:c" has more than two ends)",
                   [&] { shown("", "a:b:c"); });
    expect_refusal(Code::invalid_target,
                   "requested range \"d:b\" does not refer to ancestor and descendant revisions "
                   "along the same branch",
                   [&] { shown("", "d:b"); });
}

TEST(History, OfABranch) {
    const Graph g = graph_of("a\nb < a # one\nc < a # two\nd < c");
    EXPECT_EQ(names(g, history(g, at(g, ""), "two@base:")), "d c a");
    EXPECT_EQ(names(g, history(g, at(g, ""), ":one@head")), "b a");
    EXPECT_TRUE(refusal([&] { history(g, at(g, ""), "nosuch@base:"); }));
}

TEST(History, AcrossADependencyThatLeavesTheRange) {
    // d is above a through parents, but between the ends only through a dependency.
    const Graph g = graph_of("a\nb < a\nx\nd < b > x\ny < x > b\nz < d > y");
    EXPECT_EQ(names(g, history(g, at(g, ""), "a:z")), "z d b a");
}

TEST(Current, ShowsEveryBranch) {
    const Graph g = graph_of("a1\nb1 < a1\na2\nb2 < a2 > b1\nc2 < b2");
    const auto entries = current(g, at(g, "b2"));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(g.id(entries[0].node), "b1");
    EXPECT_TRUE(entries[0].is_head);
    EXPECT_FALSE(entries[0].is_real_head);
    EXPECT_FALSE(entries[0].is_current_head);
    EXPECT_EQ(g.id(entries[1].node), "b2");
    EXPECT_FALSE(entries[1].is_head);
    EXPECT_TRUE(entries[1].is_current_head);
    EXPECT_EQ(names(g, resolve(g, at(g, "b2"), "current")), "b1 b2");
    EXPECT_TRUE(at_heads(g, at(g, "c2")));  // b1 is a head too, but only a versioned one

    const Graph line = graph_of("a\nb < a\nc < b");
    const auto top = current(line, only(line, "a c"));
    ASSERT_EQ(top.size(), 1U);
    EXPECT_EQ(line.id(top[0].node), "c");
}

TEST(Resolve, Targets) {
    const Graph g = graph_of("a\nb < a\nc < b\nd < b");
    const auto resolved = [&](const char *target) {
        return names(g, resolve(g, at(g, ""), target));
    };
    EXPECT_EQ(resolved("heads"), "c d");
    EXPECT_EQ(resolved("-1"), "b b");
    EXPECT_EQ(resolved("c@head"), "c");
    EXPECT_EQ(resolved("base"), "");
    EXPECT_EQ(resolved("current"), "");
    expect_refusal(Code::invalid_target, R"(target "-4" leads outside of the graph)",
                   [&] { resolved("-4"); });
    expect_refusal(Code::invalid_target, R"(relative target "a+1" is not allowed here)",
                   [&] { resolved("a+1"); });
    expect_refusal(Code::invalid_target, R"("base" does not name a revision)",
                   [&] { resolve_one(g, "base"); });
}

}  // namespace
}  // namespace migrate::core
