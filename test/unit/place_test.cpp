#include "core/place.hpp"

#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

const char *const tree = "aaaa1111 # one\nbbbb2222 < aaaa1111\ncccc3333 < aaaa1111 # two";

TEST(Place, Parents) {
    const Graph line = graph_of("a\nb < a");
    const Graph empty = graph_of("");
    EXPECT_EQ(joined(place_revision(line, {.id = "n"}).parents), "b");
    EXPECT_EQ(joined(place_revision(empty, {.id = "n"}).parents), "");
    EXPECT_EQ(joined(place_revision(line, {.id = "n", .heads = {"base"}}).parents), "");
    EXPECT_EQ(joined(place_revision(line, {.id = "n", .heads = {"a"}, .splice = true}).parents),
              "a");
    const Graph g = graph_of(tree);
    EXPECT_EQ(joined(place_revision(g, {.id = "n", .heads = {"two@head"}}).parents), "cccc3333");
    EXPECT_EQ(joined(place_revision(g, {.id = "n", .heads = {"cccc", "bbbb"}}).parents),
              "cccc3333 bbbb2222");
    EXPECT_EQ(joined(place_merge(g, {.id = "n", .heads = {"heads"}}).parents), "bbbb2222 cccc3333");
}

TEST(Place, Refusals) {
    const Graph g = graph_of(tree);
    const auto refused = [&](Code code, const char *message, const RevisionRequest &request) {
        expect_refusal(code, message, [&] { place_revision(g, request); });
    };
    refused(Code::multiple_heads, R"(multiple heads are present for target "head")", {.id = "n"});
    refused(Code::invalid_target, R"(revision "aaaa1111" is not a head revision)",
            {.id = "n", .heads = {"one"}});
    refused(Code::invalid_target, "duplicate head revisions specified",
            {.id = "n", .heads = {"bbbb", "bbbb2222"}});
    refused(Code::invalid_target, R"(target "-5" leads outside of the graph)",
            {.id = "n", .heads = {"-5"}});
    refused(Code::invalid_target, R"(character "-" not allowed in revision identifier "a-b")",
            {.id = "a-b", .heads = {"base"}});
    refused(Code::broken_graph, R"(revision identifier "aaaa1111" is already used by a revision)",
            {.id = "aaaa1111", .heads = {"base"}});
    refused(Code::broken_graph,
            R"(revision identifier "one" is already used by revision "aaaa1111")",
            {.id = "one", .heads = {"base"}});
    refused(Code::broken_graph, R"(branch label "one" is already used by revision "aaaa1111")",
            {.id = "n", .heads = {"base"}, .labels = {"one"}});
    refused(Code::broken_graph, R"(branch label "n" is already used by revision "n")",
            {.id = "n", .heads = {"base"}, .labels = {"n"}});
    refused(Code::invalid_target, R"(dependency "base" does not name a revision)",
            {.id = "n", .heads = {"base"}, .depends_on = {"base"}});
    refused(Code::unknown_revision, R"(no such revision or branch "zzzz")",
            {.id = "n", .heads = {"base"}, .depends_on = {"zzzz"}});
    expect_refusal(Code::invalid_target, "a merge needs at least two revisions",
                   [&] { place_merge(g, {.id = "n", .heads = {"bbbb"}}); });
    const auto splice = refusal([&] { place_revision(g, {.id = "n", .heads = {"aaaa"}}); });
    ASSERT_TRUE(splice);
    EXPECT_EQ(splice->detail(), "It is followed by bbbb2222, cccc3333.");
    EXPECT_EQ(splice->hint(), "To create a new branch from this revision, specify splice => true.");
}

TEST(Place, Dependencies) {
    const Graph g = graph_of(tree);
    const auto depends = [&](std::vector<std::string> on) {
        return joined(place_revision(g, {.id = "n", .heads = {"base"}, .depends_on = std::move(on)})
                          .depends_on);
    };
    EXPECT_EQ(depends({"bbbb"}), "bbbb2222");
    EXPECT_EQ(depends({"two"}), "two");  // a label stays a label
    EXPECT_EQ(depends({"two@head"}), "cccc3333");
    EXPECT_TRUE(refusal([&] { depends({"bbbb+1"}); }));
}

}  // namespace
}  // namespace migrate::core
