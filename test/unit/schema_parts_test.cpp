// The smaller pieces of schema/: privileges, names, patterns, types.
#include <gtest/gtest.h>

#include "schema/acl.hpp"
#include "schema/casts.hpp"
#include "schema/filter.hpp"
#include "schema/rename.hpp"
#include "schema/sql.hpp"
#include "schema_helper.hpp"

namespace migrate::schema {
namespace {

std::string changes(const Acl &from, const Acl &to) {
    Script script;
    change_acl({"TABLE t", "", 'r', "me"}, from, to, script);
    std::string text;
    for (const Statement &statement : script.take()) text += statement.sql + "\n";
    return text;
}

TEST(SchemaAcl, OnlyWhatChangesIsSaid) {
    Acl const before = {{"me", "a", "SELECT", false}, {"me", "b", "UPDATE", true}};
    Acl const after = {{"me", "a", "INSERT", false}, {"me", "b", "UPDATE", false}};
    EXPECT_EQ(changes(before, after),
              "REVOKE GRANT OPTION FOR UPDATE ON TABLE t FROM b\n"
              "REVOKE SELECT ON TABLE t FROM a\n"
              "GRANT INSERT ON TABLE t TO a\n");
    EXPECT_EQ(changes(before, before), "");
}

TEST(SchemaAcl, WhatOthersGrantTheyGrantThemselves) {
    EXPECT_EQ(changes({}, {{"other", "a", "SELECT", false}}),
              "SET LOCAL ROLE other\nGRANT SELECT ON TABLE t TO a\nRESET ROLE\n");
}

// r1 has it from the owner, r2 from r1, everybody from r2.
Acl chain() {
    return {{"me", "r1", "SELECT", true}, {"r1", "r2", "SELECT", true}, {"r2", "PUBLIC", "SELECT"}};
}

TEST(SchemaAcl, AChainIsMadeFromItsBeginningAndEndsFromItsEnd) {
    std::string const made =
        "GRANT SELECT ON TABLE t TO r1 WITH GRANT OPTION\n"
        "SET LOCAL ROLE r1\nGRANT SELECT ON TABLE t TO r2 WITH GRANT OPTION\nRESET ROLE\n"
        "SET LOCAL ROLE r2\nGRANT SELECT ON TABLE t TO PUBLIC\nRESET ROLE\n";
    EXPECT_EQ(changes({}, chain()), made);
    EXPECT_EQ(changes(chain(), {}),
              "SET LOCAL ROLE r2\nREVOKE SELECT ON TABLE t FROM PUBLIC\nRESET ROLE\n"
              "SET LOCAL ROLE r1\nREVOKE SELECT ON TABLE t FROM r2\nRESET ROLE\n"
              "REVOKE SELECT ON TABLE t FROM r1\n");
}

TEST(SchemaAcl, WhatRestsOnAnotherGrantIsGrantedAgain) {
    Acl const after = {
        {"me", "r3", "SELECT", true}, {"r1", "r2", "SELECT", false}, {"r3", "r1", "SELECT", true}};
    Acl const before = {{"me", "r1", "SELECT", true}, {"r1", "r2", "SELECT", false}};
    EXPECT_EQ(changes(before, after),
              "SET LOCAL ROLE r1\nREVOKE SELECT ON TABLE t FROM r2\nRESET ROLE\n"
              "REVOKE SELECT ON TABLE t FROM r1\n"
              "GRANT SELECT ON TABLE t TO r3 WITH GRANT OPTION\n"
              "SET LOCAL ROLE r3\nGRANT SELECT ON TABLE t TO r1 WITH GRANT OPTION\nRESET ROLE\n"
              "SET LOCAL ROLE r1\nGRANT SELECT ON TABLE t TO r2\nRESET ROLE\n");
}

TEST(SchemaAcl, ANewOwnerTakesOver) {
    Acl const acl = with_owner(default_acl('f', "a"), "a", "b");
    EXPECT_EQ(acl, default_acl('f', "b"));
}

TEST(SchemaSql, Names) {
    EXPECT_EQ(identifier("plain_1"), "plain_1");
    EXPECT_EQ(identifier("A\"b"), "\"A\"\"b\"");
    EXPECT_EQ(unquoted("\"A\"\"b\""), "A\"b");
    EXPECT_EQ(literal("it's"), "'it''s'");
    EXPECT_EQ(literal("a\\b"), " E'a\\\\b'");
    std::string const qualified = "\"a.b\".c";
    EXPECT_EQ(qualified.substr(last_part(qualified)), "c");
    EXPECT_EQ(end_of_identifier("a b"), 1u);
    EXPECT_EQ(end_of_identifier("\"a \"\"b\" 'c'"), 7u);
    EXPECT_EQ(suffixed(std::string(63, 'x'), "_replaced").size(), 63u);
}

TEST(SchemaSql, LiteralsKeepTheirCarriageReturns) {
    EXPECT_EQ(without_carriage_returns("SELECT 'a\r\n''\\b', \"c\"\r\n"),
              "SELECT E'a\\r\n''\\\\b', \"c\"\r\n");
    EXPECT_EQ(without_carriage_returns("SELECT E'a\r\\\\'"), "SELECT E'a\\r\\\\'");
    EXPECT_EQ(without_carriage_returns("AS $f$it's\r\n$f$ x"), "AS E'it''s\\r\n' x");
    EXPECT_EQ(without_carriage_returns("SELECT $1, 'a'"), "SELECT $1, 'a'");
}

TEST(SchemaSql, Rounding) {
    EXPECT_TRUE(rounds("numeric(10,2)", "integer"));
    EXPECT_TRUE(rounds("numeric(10,4)", "numeric(12,2)"));
    EXPECT_TRUE(rounds("timestamp without time zone", "date"));
    EXPECT_TRUE(rounds("timestamp with time zone", "timestamp(0) with time zone"));
    EXPECT_TRUE(rounds("time(3) without time zone", "time(0) without time zone"));
    EXPECT_FALSE(rounds("timestamp(0) with time zone", "timestamp(3) with time zone"));
    EXPECT_FALSE(rounds("date", "timestamp(0) without time zone"));
    EXPECT_FALSE(rounds("numeric(10,2)", "numeric"));
    EXPECT_FALSE(rounds("real", "double precision"));
    EXPECT_FALSE(rounds("integer", "bigint"));
}

TEST(SchemaSql, Types) {
    EXPECT_TRUE(keeps_values("character varying(10)", "character varying(20)"));
    EXPECT_FALSE(keeps_values("character varying(20)", "character varying(10)"));
    EXPECT_TRUE(keeps_values("character varying(20)", "text"));
    EXPECT_TRUE(keeps_values("numeric(10,2)", "numeric(12,2)"));
    EXPECT_FALSE(keeps_values("numeric(10,2)", "numeric(12,3)"));
    EXPECT_FALSE(keeps_values("integer", "bigint"));
    EXPECT_TRUE(widens("integer", "bigint"));
    EXPECT_FALSE(widens("bigint", "integer"));
    EXPECT_FALSE(is_builtin("public.e"));
    EXPECT_EQ(base_type("timestamp(3) with time zone"), "timestamp with time zone");
}

TEST(SchemaCasts, Contexts) {
    Casts casts;
    casts.add("integer", "boolean", 'e');
    casts.add("bigint", "integer", 'a');
    EXPECT_TRUE(casts.assigns("integer", "text"));
    EXPECT_FALSE(casts.assigns("text", "integer"));
    EXPECT_TRUE(casts.converts("text", "integer"));
    EXPECT_TRUE(casts.assigns("numeric(10,2)", "numeric(4,1)"));
    EXPECT_TRUE(casts.assigns("bigint[]", "integer[]"));
    EXPECT_FALSE(casts.assigns("bigint[]", "integer"));
    EXPECT_FALSE(casts.assigns("integer", "boolean"));
    EXPECT_TRUE(casts.converts("integer", "boolean"));
    EXPECT_EQ(casts.between("bigint", "boolean"), "integer");
    EXPECT_EQ(casts.between("date", "boolean"), "");
}

TEST(SchemaFilter, PatternsKindsAndSchemas) {
    Builder b;
    Ref const t = b.add(Kind::table, "tmp_a");
    b.part(Kind::column, t, "x", {{"type", "integer"}, {"comment", "said"}});
    b.add(Kind::view, "v");
    Filter names;
    names.excluded_names = {"tmp_*"};
    Snapshot const without = filtered(b.snapshot, names);
    EXPECT_EQ(without.find(Kind::table, "public.tmp_a"), kNone);
    EXPECT_EQ(without.find(Kind::column, "public.tmp_a.x"), kNone);
    EXPECT_NE(without.find(Kind::view, "public.v"), kNone);
    Filter qualified;
    qualified.excluded_names = {"public.?"};
    EXPECT_EQ(filtered(b.snapshot, qualified).find(Kind::view, "public.v"), kNone);
    Filter facets;
    facets.excluded_kinds = {"comment", "view"};
    Snapshot const bare = filtered(b.snapshot, facets);
    EXPECT_EQ(bare.find(Kind::view, "public.v"), kNone);
    EXPECT_FALSE(bare[bare.find(Kind::column, "public.tmp_a.x")].has("comment"));
    Filter elsewhere;
    elsewhere.schemas = {"other"};
    EXPECT_EQ(filtered(b.snapshot, elsewhere).size(), 0u);
    EXPECT_TRUE(is_excludable("owner"));
    EXPECT_FALSE(is_excludable("tables"));
}

Builder with_columns(std::initializer_list<const char *> names, const char *type = "integer") {
    Builder b;
    Ref const t = b.add(Kind::table, "t");
    int position = 0;
    for (const char *const name : names) {
        Ref const column = b.part(Kind::column, t, name, {{"type", type}});
        b.snapshot[column].position = position++;
    }
    return b;
}

TEST(SchemaRename, AColumnInThePlaceOfAnother) {
    auto const found =
        find_renames(with_columns({"a", "b"}).snapshot, with_columns({"a", "c"}).snapshot, {});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].up.sql, "ALTER TABLE public.t RENAME COLUMN b TO c");
    EXPECT_EQ(found[0].down.sql, "ALTER TABLE public.t RENAME COLUMN c TO b");
    EXPECT_GE(found[0].confidence, 0.9);
}

TEST(SchemaRename, NotAColumnOfAnotherType) {
    EXPECT_TRUE(find_renames(with_columns({"b"}).snapshot, with_columns({"c"}, "text").snapshot, {})
                    .empty());
}

// Two that went and two that came: which is which is a guess.
TEST(SchemaRename, ManyThatAreAlikeAreNotSure) {
    for (const Rename &rename :
         find_renames(with_columns({"a", "b"}).snapshot, with_columns({"c", "d"}).snapshot, {}))
        EXPECT_LE(rename.confidence, 0.5);
}

TEST(SchemaRename, ANameInUseIsMadeFree) {
    Builder before;
    before.part(Kind::column, before.add(Kind::table, "a"), "x", {{"type", "integer"}});
    before.add(Kind::view, "b");
    Builder after;
    after.part(Kind::column, after.add(Kind::table, "b"), "x", {{"type", "integer"}});
    auto const found = find_renames(before.snapshot, after.snapshot, {});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].up.sql, "ALTER TABLE public.a RENAME TO b");
    NamesInUse const names(before.snapshot);
    ASSERT_TRUE(names.in_the_way(found[0]));
    Rename const room = names.make_room(found[0]);
    EXPECT_EQ(room.up.sql, "ALTER VIEW public.b RENAME TO b_replaced");
    EXPECT_EQ(room.down.sql, "ALTER VIEW public.b_replaced RENAME TO b");
}

TEST(SchemaRename, WhatTheUserSaysCounts) {
    RenameOptions options;
    options.said = {{"public.t.a", "public.t.d"}};
    auto const found =
        find_renames(with_columns({"a", "b"}).snapshot, with_columns({"c", "d"}).snapshot, options);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].up.sql, "ALTER TABLE public.t RENAME COLUMN a TO d");
    EXPECT_EQ(found[0].confidence, 1);
    options.said = {{"public.t.b", std::nullopt}};
    EXPECT_TRUE(
        find_renames(with_columns({"a", "b"}).snapshot, with_columns({"a", "c"}).snapshot, options)
            .empty());
}

}  // namespace
}  // namespace migrate::schema
