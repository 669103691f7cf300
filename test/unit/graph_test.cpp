#include "core/graph.hpp"

#include <gtest/gtest.h>

#include "core/applied.hpp"
#include "core/labels.hpp"
#include "graph_helper.hpp"

namespace migrate::core {
namespace {

TEST(Graph, EmptyGraphHasNothing) {
    const Graph g = graph_of("");
    EXPECT_TRUE(g.empty());
    EXPECT_TRUE(g.heads().empty() && g.bases().empty() && g.real_heads().empty());
    EXPECT_TRUE(at_heads(g, NodeSet()));
    EXPECT_FALSE(g.find("x"));
    EXPECT_FALSE(g.find(""));
}

TEST(Graph, KindsOfRevisions) {
    const Graph g = graph_of(R"(
        a
        b1 < a
        b2 < a
        m < b1,b2
        x
        y < x > m
        z > a)");
    EXPECT_EQ(names(g, g.heads()), "m y z");
    EXPECT_EQ(names(g, g.real_heads()), "y z");
    EXPECT_EQ(names(g, g.bases()), "a x z");
    EXPECT_EQ(names(g, g.real_bases()), "a x");
    EXPECT_EQ(names(g, g.branch_points()), "a");
    EXPECT_TRUE(g.is_merge_point(*g.find("m")));
    EXPECT_EQ(names(g, g.ancestors({{*g.find("y")}})), "a b1 b2 m x y");
    EXPECT_EQ(names(g, g.ancestors({{*g.find("y")}}, Along::parents)), "x y");
    EXPECT_EQ(names(g, g.descendants({{*g.find("b1")}})), "b1 m y");
    EXPECT_EQ(names(g, g.descendants({{*g.find("b1")}}, Along::parents)), "b1 m");
}

TEST(Graph, OrderOfLoadingDoesNotMatter) {
    const Graph g = graph_of(R"(
        c < b
        b < a
        a)");
    EXPECT_EQ(names(g, g.heads()), "c");
    EXPECT_EQ(up(g, "", "head"), "a b c");
}

// Alembic #789: a dependency that an ancestor has too does not count.
TEST(Graph, DependenciesAreNormalized) {
    const Graph g = graph_of(R"(
        x
        a > x
        b < a > x
        c < b > x
        m < c,a > x)");
    EXPECT_EQ(names(g, g.downs(*g.find("a"))), "x");
    EXPECT_EQ(names(g, g.downs(*g.find("b"))), "a");
    EXPECT_EQ(names(g, g.downs(*g.find("c"))), "b");
    EXPECT_EQ(names(g, g.downs(*g.find("m"))), "c a");
    EXPECT_EQ(names(g, g.dependencies(*g.find("c"))), "x");
}

TEST(Graph, NormalizedAcrossAMergeToo) {
    // Only b, the second parent of m, has the dependency as well.
    const Graph g = graph_of(R"(
        x
        r
        a < r
        b < r > x
        m < a,b
        n < m > x)");
    EXPECT_EQ(names(g, g.downs(*g.find("n"))), "m");
}

TEST(Graph, RepeatedParentsCountOnce) {
    const Graph g = graph_of("a\nb < a,a > a,a");
    EXPECT_EQ(names(g, g.parents(*g.find("b"))), "a");
    EXPECT_FALSE(g.is_merge_point(*g.find("b")));
}

TEST(Graph, RefusesWhatIsBroken) {
    const auto refused = [](Code code, const std::string &message, const std::string &graph) {
        expect_refusal(code, message, [&] { graph_of(graph); });
    };
    refused(Code::broken_graph, R"(revision "a" referenced from "b" is not present)", "b < a");
    refused(Code::broken_graph, R"(revision "a" referenced from "b" is not present)", "b > a");
    refused(Code::broken_graph, R"(revision "a" is present more than once)", "a\na");
    refused(Code::broken_graph, R"(self-loop is detected in revision "a")", "a < a");
    refused(Code::broken_graph, R"(dependency self-loop is detected in revision "a")", "a > a");
    refused(Code::broken_graph, "cycle is detected in revisions a, b, c",
            "a < c\nb < a\nc < b\nd < c");
    // Alembic does not see this one: there are a base and a head around it.
    refused(Code::broken_graph, "cycle is detected in revisions b, c", "a\nb < a,c\nc < b\nd < c");
    refused(Code::broken_graph, "dependency cycle is detected in revisions a, b, c",
            "a > c\nb < a\nc < b");
    refused(Code::broken_graph,
            R"(branch label "x" in revision "b" is already used by revision "a")",
            "a # x\nb < a # x");
    refused(Code::broken_graph,
            R"(branch label "a" in revision "b" is already used by revision "a")", "a\nb < a # a");
    refused(Code::broken_graph, R"(parent "x" of revision "b" is a branch label, not a revision)",
            "a # x\nb < x");
    refused(Code::invalid_target, R"(character "-, @" not allowed in revision identifier "a-b@c")",
            "a-b@c");
    refused(Code::invalid_target, R"(character ":" not allowed in branch label "x:y")", "a # x:y");
    refused(Code::invalid_target, R"(revision identifier "head" is reserved)", "head");
    expect_refusal(Code::invalid_target, "revision identifier must not be empty",
                   [] { Graph({Revision{}}); });
}

TEST(Graph, DependencyOnALabel) {
    const Graph g = graph_of(R"(
        a # billing
        b < a
        x > billing)");
    EXPECT_EQ(names(g, g.dependencies(*g.find("x"))), "a");
    EXPECT_EQ(names(g, g.real_heads()), "b x");
}

TEST(Labels, SpreadUpwardsAndDownPlainLines) {
    const Graph g = graph_of(R"(
        a
        b < a
        c1 < b # one
        d1 < c1
        c2 < b
        d2 < c2 # two
        m < d1,d2)");
    const SpreadLabels labels(g);
    const auto of = [&](const char *id) {
        std::vector<std::string> out;
        for (auto label : labels.of(*g.find(id))) out.emplace_back(label);
        return joined(out);
    };
    EXPECT_EQ(of("a"), "");
    EXPECT_EQ(of("c1"), "one");
    EXPECT_EQ(of("d1"), "one");
    EXPECT_EQ(of("c2"), "");
    EXPECT_EQ(of("d2"), "two");
    EXPECT_EQ(of("m"), "one two");
    EXPECT_TRUE(labels.has(*g.find("m"), "two"));

    const Graph line = graph_of("a\nb < a\nc < b # late\nd < c");
    EXPECT_EQ(SpreadLabels(line).of(0).size(), 1U);
    const Graph used = graph_of("a\nb < a\nc < b # late\nd < c\nx > c\ny > c");
    EXPECT_EQ(SpreadLabels(used).of(0).size(), 0U);
}

TEST(NodeSets, GrowAndCompare) {
    NodeSet a, b(100);
    EXPECT_EQ(a, b);
    EXPECT_TRUE(a.insert(70));
    EXPECT_FALSE(a.insert(70));
    EXPECT_NE(a, b);
    b.insert(70);
    EXPECT_EQ(a, b);
    EXPECT_TRUE(a.erase(70));
    EXPECT_FALSE(a.erase(1000));
    EXPECT_FALSE(a.contains(1000));
    const Nodes many{9, 1, 9, 2, 1, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 9};
    EXPECT_EQ(unique(many).size(), 15U);
    EXPECT_EQ(unique(many)[1], 1U);
}

}  // namespace
}  // namespace migrate::core
