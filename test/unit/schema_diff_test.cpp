#include <gtest/gtest.h>

#include "schema_helper.hpp"

namespace migrate::schema {
namespace {

TEST(SchemaDiff, EqualSnapshotsGiveNothing) {
    Builder a;
    a.add(Kind::table, "t");
    EXPECT_EQ(statements(a.snapshot, a.snapshot), "");
}

TEST(SchemaDiff, NotesAreNoDifference) {
    Builder a;
    a.add(Kind::table, "t", {{".note", "1"}});
    Builder b;
    b.add(Kind::table, "t", {{".note", "2"}});
    EXPECT_TRUE(equal(a.snapshot, b.snapshot));
}

TEST(SchemaDiff, ATableIsMadeWithItsParts) {
    Builder b;
    Ref const t = b.add(Kind::table, "t");
    Ref const a = b.part(Kind::column, t, "a", {{"type", "integer"}, {"not_null", "yes"}});
    b.part(Kind::default_value, t, "a", {{"expression", "1"}}, {a});
    b.part(Kind::constraint, t, "c", {{"type", "check"}, {"definition", "CHECK ((a > 0))"}}, {a});
    EXPECT_EQ(statements(Builder().snapshot, b.snapshot),
              "CREATE TABLE public.t (\n"
              "    a integer DEFAULT 1 NOT NULL,\n"
              "    CONSTRAINT c CHECK ((a > 0))\n"
              ")\n");
    EXPECT_EQ(statements(b.snapshot, Builder().snapshot), "DROP TABLE public.t\n");
}

// Two tables that refer to each other: the constraints come after both, and go before.
TEST(SchemaDiff, CircleOfForeignKeys) {
    Builder b;
    Ref const t = b.add(Kind::table, "t");
    Ref const u = b.add(Kind::table, "u");
    Ref const a = b.part(Kind::column, t, "a", {{"type", "integer"}});
    Ref const c = b.part(Kind::column, u, "c", {{"type", "integer"}});
    b.part(Kind::foreign_key, t, "tf",
           {{"type", "foreign key"}, {"definition", "FOREIGN KEY (a) REFERENCES public.u(c)"}},
           {a, c, u});
    b.part(Kind::foreign_key, u, "uf",
           {{"type", "foreign key"}, {"definition", "FOREIGN KEY (c) REFERENCES public.t(a)"}},
           {a, c, t});
    EXPECT_EQ(statements(Builder().snapshot, b.snapshot),
              "CREATE TABLE public.t (\n    a integer\n)\n"
              "CREATE TABLE public.u (\n    c integer\n)\n"
              "ALTER TABLE public.t ADD CONSTRAINT tf FOREIGN KEY (a) REFERENCES public.u(c)\n"
              "ALTER TABLE public.u ADD CONSTRAINT uf FOREIGN KEY (c) REFERENCES public.t(a)\n");
    std::string const down = statements(b.snapshot, Builder().snapshot);
    EXPECT_NE(down.find("DROP CONSTRAINT"), std::string::npos);
    EXPECT_LT(down.find("DROP CONSTRAINT"), down.find("DROP TABLE"));
}

Builder with_view(const char *type, const char *comment) {
    Builder b;
    Ref const t = b.add(Kind::table, "t");
    Ref const a = b.part(Kind::column, t, "a", {{"type", type}});
    Ref const v =
        b.add(Kind::view, "v", {{"definition", " SELECT a\n   FROM t;"}, {"columns", "a"}}, {a});
    if (comment != nullptr) b.snapshot[v].set("comment", comment);
    return b;
}

// PostgreSQL does not alter a column under a view: it goes and comes back as it was.
TEST(SchemaDiff, ViewsMakeRoomForANewType) {
    EXPECT_EQ(
        statements(with_view("integer", "said").snapshot, with_view("bigint", "said").snapshot),
        "DROP VIEW public.v\n"
        "ALTER TABLE public.t ALTER COLUMN a TYPE bigint\n"
        "CREATE VIEW public.v AS\n SELECT a\n   FROM t\n"
        "COMMENT ON VIEW public.v IS 'said'\n");
}

TEST(SchemaDiff, AViewAndAFunctionThatNeedEachOther) {
    Builder b;
    Ref const v = b.add(Kind::view, "v",
                        {{"definition", " SELECT f() AS a;"}, {"columns", "a\x1einteger\x1e"}});
    Ref const f = b.add(Kind::function, "f",
                        {{"definition", "CREATE OR REPLACE FUNCTION public.f() x"}}, {v});
    b.snapshot[f].identity += "()";
    b.snapshot[v].needs.push_back(f);
    EXPECT_EQ(statements(Builder().snapshot, b.snapshot),
              "CREATE VIEW public.v AS SELECT\n    NULL::integer AS a\n"
              "CREATE FUNCTION public.f() x\n"
              "CREATE OR REPLACE VIEW public.v AS\n SELECT f() AS a\n");
}

Builder with_enum(const char *values) {
    Builder b;
    Ref const e = b.add(Kind::enumeration, "e", {{"values", values}});
    Ref const t = b.add(Kind::table, "t");
    b.part(Kind::column, t, "a", {{"type", "public.e"}}, {e});
    return b;
}

TEST(SchemaDiff, ValuesOfAnEnumAreAddedWhereTheyBelong) {
    EXPECT_EQ(statements(with_enum("'b'\x1f'd'").snapshot,
                         with_enum("'a'\x1f'b'\x1f'c'\x1f'd'\x1f'e'").snapshot),
              "ALTER TYPE public.e ADD VALUE 'a' BEFORE 'b'\n"
              "ALTER TYPE public.e ADD VALUE 'c' AFTER 'b'\n"
              "ALTER TYPE public.e ADD VALUE 'e'\n");
}

// A value that goes: the type is made anew, and its columns move over.
TEST(SchemaDiff, ValuesOfAnEnumThatGo) {
    EXPECT_EQ(statements(with_enum("'a'\x1f'b'").snapshot, with_enum("'a'").snapshot),
              "ALTER TYPE public.e RENAME TO e_replaced\n"
              "CREATE TYPE public.e AS ENUM ('a')\n"
              "ALTER TABLE public.t ALTER COLUMN a TYPE public.e USING a::text::public.e\n"
              "DROP TYPE public.e_replaced\n");
}

// Three tables, one above the other, with a column that may be dropped, or kept by the last.
Builder with_heirs(bool dropped, bool kept) {
    Builder b;
    Ref above = kNone;
    for (const char *name : {"top", "middle", "bottom"}) {
        Ref const t = b.add(Kind::table, name);
        b.part(Kind::column, t, "a", {{"type", "integer"}});
        if (!dropped || (kept && std::string(name) == "bottom"))
            b.part(Kind::column, t, "g", {{"type", "integer"}});
        if (above != kNone) {
            for (Ref const column : {t + 1, t + 2})
                if (column < b.snapshot.size() && !dropped)
                    b.snapshot[column].set(".inherited", "yes");
            b.part(Kind::inheritance, t, b.snapshot[above].identity,
                   {{"of", b.snapshot[above].identity.c_str()}}, {above});
        }
        above = t;
    }
    return b;
}

// A column that is dropped above goes from all that have inherited it, but for who keeps it.
TEST(SchemaDiff, AnInheritedColumnThatOneKeeps) {
    EXPECT_EQ(statements(with_heirs(false, false).snapshot, with_heirs(true, false).snapshot),
              "ALTER TABLE public.top DROP COLUMN g\n");
    EXPECT_EQ(statements(with_heirs(false, false).snapshot, with_heirs(true, true).snapshot),
              "ALTER TABLE ONLY public.top DROP COLUMN g\n"
              "ALTER TABLE ONLY public.middle DROP COLUMN g\n");
}

TEST(SchemaDiff, ColumnsOfForeignTablesHaveNoRowsHere) {
    auto const make = [](Kind kind, const char *type) {
        Builder builder;
        builder.part(Kind::column, builder.add(kind, "t"), "a", {{"type", type}});
        return builder.snapshot;
    };
    EXPECT_EQ(risks(make(Kind::table, "bigint"), make(Kind::table, "integer")),
              "rewrites, may fail, breaks running code\n");
    EXPECT_EQ(risks(make(Kind::foreign_table, "bigint"), make(Kind::foreign_table, "integer")),
              "breaks running code\n");
}

TEST(SchemaDiff, ComputedValuesAreNotLost) {
    auto const make = [](const char *value) {
        Builder builder;
        builder.part(Kind::column, builder.add(Kind::table, "t"), "a",
                     {{"type", "integer"}, {"generated", value}});
        return builder.snapshot;
    };
    EXPECT_EQ(risks(make("1"), make("2")), "breaks running code, locks\nrewrites\n");
}

TEST(SchemaDiff, ANewPartitionIsSearchedForInTheDefaultOne) {
    auto const make = [](bool with_default, bool with_new) {
        Builder builder;
        Ref const whole = builder.add(Kind::table, "p", {{"partition_by", "LIST (a)"}});
        auto const attach = [&](const char *name, const char *bound) {
            builder.part(Kind::partition, builder.add(Kind::table, name), "public.p",
                         {{"of", "public.p"}, {"bound", bound}}, {whole});
        };
        if (with_default) attach("d", "DEFAULT");
        if (with_new) attach("p1", "FOR VALUES IN (1)");
        return builder.snapshot;
    };
    EXPECT_EQ(risks(make(true, false), make(true, true)), "\nscans, may fail\n");
    EXPECT_EQ(risks(make(false, false), make(true, true)), "\n\n\n\n");
}

}  // namespace

}  // namespace migrate::schema
