#include "core/lookup.hpp"

#include <gtest/gtest.h>

#include "graph_helper.hpp"

namespace migrate::core {
namespace {

const char *const named = R"(
    ae1027a6acf # shop
    ae10ffffffff < ae1027a6acf
    27c6a30d7c24 # billing,my-feature
    abc < 27c6a30d7c24)";

TEST(Lookup, NamesAndPrefixes) {
    const Graph g = graph_of(named);
    const auto found = [&](const char *name) { return g.id(find_revision(g, name)); };
    EXPECT_EQ(found("ae1027a6acf"), "ae1027a6acf");
    EXPECT_EQ(found("billing"), "27c6a30d7c24");
    EXPECT_EQ(found("2"), "27c6a30d7c24");
    EXPECT_EQ(found("ae10f"), "ae10ffffffff");
    EXPECT_EQ(found("bill"), "27c6a30d7c24");
    EXPECT_EQ(found("abc"), "abc");
    EXPECT_EQ(g.id(find_in_branch(g, "ae10f", "shop")), "ae10ffffffff");
    EXPECT_EQ(g.id(resolve_one(g, "shop@head")), "ae10ffffffff");

    const auto ambiguous = refusal([&] { found("ae10"); });
    ASSERT_TRUE(ambiguous);
    EXPECT_EQ(ambiguous->code(), Code::ambiguous_id);
    EXPECT_EQ(ambiguous->message(), R"(multiple revisions start with "ae10")");
    EXPECT_EQ(ambiguous->detail(), "They are ae1027a6acf, ae10ffffffff.");
    // Too short to have prefixes.
    expect_refusal(Code::unknown_revision, R"(no such revision or branch "ab")",
                   [&] { found("ab"); });
    expect_refusal(Code::unknown_revision, R"(no such branch "zzzz")",
                   [&] { find_branch(g, "zzzz"); });
    expect_refusal(Code::ambiguous_id, R"(multiple revisions start with "ae10")",
                   [&] { up(g, "", "ae10@head"); });
    expect_refusal(Code::invalid_target,
                   R"(revision "27c6a30d7c24" is not a member of branch "shop")",
                   [&] { find_in_branch(g, "27c6", "shop"); });
    EXPECT_TRUE(refusal([&] { found(""); }));
    EXPECT_TRUE(refusal([&] { find_branch(g, ""); }));
}

TEST(Lookup, LabelsMayContainSigns) {
    const Graph g = graph_of(named);
    EXPECT_EQ(up(g, "", "my-feature@head"), "27c6a30d7c24 abc");
    EXPECT_EQ(up(g, "", "my-feature+1"), "27c6a30d7c24 abc");
    EXPECT_EQ(up(g, "", "my-feature"), "27c6a30d7c24");
}

TEST(Lookup, JunkAfterARelativeTarget) {
    const Graph g = graph_of("a\nb < a\nc < b");
    for (const char *target : {"+1x", "a+1+1", "a-1b", "a@+1 ", "+1@a", "+2.5"}) {
        const auto error = refusal([&] { up(g, "", target); });
        ASSERT_TRUE(error) << target;
        EXPECT_EQ(error->code(), Code::invalid_target) << target;
        EXPECT_NE(error->message().find("trailing junk"), std::string::npos) << target;
    }
}

// Any text at all is a target or a refusal.
TEST(Lookup, WeirdText) {
    const Graph g = graph_of("a # x\nb < a\nit's < b\nc\"d < b\n\xff\xfe < a");
    std::vector<std::string> texts = {"",
                                      "@",
                                      "@@",
                                      "a@",
                                      "@a",
                                      "@head",
                                      "a@b@c",
                                      "+",
                                      "-",
                                      "+-1",
                                      "--1",
                                      "a+",
                                      "a-",
                                      ":",
                                      "::",
                                      "a:b",
                                      " ",
                                      " a",
                                      "a ",
                                      "\n",
                                      "it's\n",
                                      "\xff",
                                      "\xff\xfe+1",
                                      "heads-1",
                                      "base-1",
                                      "base@base",
                                      "head@head",
                                      "heads@heads",
                                      "current",
                                      "x@current",
                                      "+9223372036854775808",
                                      "a-9223372036854775808",
                                      "+00000000000000000000001",
                                      "-00",
                                      std::string("a\0b", 3),
                                      std::string(1 << 20, 'a'),
                                      std::string(1 << 20, '@'),
                                      std::string(1 << 20, '9'),
                                      "+" + std::string(1 << 20, '9'),
                                      std::string(1 << 20, '-'),
                                      "a" + std::string(1 << 20, '+') + "1",
                                      std::string(1 << 20, '\xff')};
    for (const std::string &text : texts) {
        const NodeSet state = at(g, "b");
        const auto refusals = {
            refusal([&] { plan_upgrade(g, state, text); }),
            refusal([&] { plan_downgrade(g, state, text); }),
            refusal([&] { plan_stamp(g, state, {text}, false); }),
            refusal([&] { history(g, state, text); }),
            refusal([&] { history(g, state, text + ":"); }),
            refusal([&] { history(g, state, ":" + text); }),
            refusal([&] { resolve(g, state, text); }),
            refusal([&] { plan_sql(g, state, Direction::up, "a:" + text); }),
            refusal([&] { plan_sql(g, state, Direction::down, text + ":a"); }),
        };
        for (const auto &error : refusals)
            if (error) {
                EXPECT_FALSE(error->message().empty());
                EXPECT_LT(error->message().size(), 2000U);
                EXPECT_LT(error->detail().size() + error->hint().size(), 4000U);
            }
    }
    EXPECT_EQ(up(g, "b", "it's"), "it's");
    EXPECT_EQ(up(g, "a", "\xff\xfe"), "\xff\xfe");
    const auto several = refusal([&] { up(g, "", "head"); });
    ASSERT_TRUE(several);
    EXPECT_NE(several->hint().find(R"(E'{"it''s","c\\"d",)"), std::string::npos) << several->hint();
}

TEST(Lookup, MessagesCutBetweenCharacters) {
    const Graph g = graph_of("a");
    std::string text;
    while (text.size() < 500) text += "\xc3\xa4";
    const auto error = refusal([&] { up(g, "", "x" + text); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message().find("\xc3..."), std::string::npos);
}

}  // namespace
}  // namespace migrate::core
