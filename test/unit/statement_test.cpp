#include "core/statement.hpp"

#include <gtest/gtest.h>

using namespace migrate::core;

namespace {

Statements statements(const std::vector<bool> &transactional) {
    Statements result;
    for (bool t : transactional) {
        Statement statement{};
        statement.transactional = t;
        result.push_back(statement);
    }
    return result;
}

std::string groups(const std::vector<bool> &transactional) {
    std::string text;
    for (const Group &group : cut_groups(statements(transactional)))
        text += (group.transactional ? "[" : "(") + std::to_string(group.first) + "," +
                std::to_string(group.last) + (group.transactional ? "]" : ")");
    return text;
}

// A section "ALTER TYPE t ADD VALUE '<value>'; <rest>".
bool stands_alone(const std::string &value, const std::string &rest,
                  const std::string &later = "") {
    std::string const first = "ALTER TYPE t ADD VALUE '" + value + "'; ";
    std::string const text = first + rest;
    Statement add{};
    add.end = static_cast<std::uint32_t>(first.size() - 2);
    add.added_enum_value = value;
    Statements own{add}, none;
    isolate_enum_values({{text, &own}, {later, &none}});
    return !own.front().transactional;
}

}  // namespace

TEST(CutGroups, JoinsWhatCanRunTogether) {
    EXPECT_EQ(groups({}), "");
    EXPECT_EQ(groups({true, true}), "[0,2]");
    EXPECT_EQ(groups({true, false, true, true}), "[0,1](1,2)[2,4]");
    EXPECT_EQ(groups({false, false}), "(0,1)(1,2)");
}

TEST(IsolateEnumValues, OnlyWhereTheValueIsUsedLater) {
    EXPECT_FALSE(stands_alone("paid", "SELECT 1"));
    EXPECT_TRUE(stands_alone("paid", "INSERT INTO o VALUES ('paid')"));
    EXPECT_TRUE(stands_alone("paid", "SELECT '{open,paid}'::t[]"));
    EXPECT_TRUE(stands_alone("paid", "", "UPDATE o SET state = 'paid'"));
    EXPECT_FALSE(stands_alone("paid", "SELECT 'unpaid', 'paid_out'"));
    EXPECT_TRUE(stands_alone("part paid", "SELECT 'part paid'"));
    EXPECT_TRUE(stands_alone("-", "SELECT 'a-b'"));
}

TEST(IsolateEnumValues, HoweverTheValueIsQuoted) {
    EXPECT_FALSE(stands_alone("it's", "SELECT 'its', 't'"));
    EXPECT_TRUE(stands_alone("it's", "SELECT 'it''s'"));
    EXPECT_TRUE(stands_alone(R"(a\b)", R"(SELECT '{"a\\b"}'::t[])"));
    EXPECT_FALSE(stands_alone("", "SELECT 'a'"));
    EXPECT_TRUE(stands_alone("", "SELECT ''::t"));
    EXPECT_TRUE(stands_alone("", R"(SELECT '{""}'::t[])"));
    EXPECT_FALSE(stands_alone("'", "SELECT 1"));
    EXPECT_TRUE(stands_alone("'", "SELECT ''''::t"));
}

TEST(IsolateEnumValues, TheStatementItselfDoesNotCount) {
    EXPECT_FALSE(stands_alone("t", ""));
}
