#include "schema/text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "schema/compare.hpp"

namespace migrate::schema {
namespace {

Object object(Kind kind, std::string identity) {
    Object result;
    result.kind = kind;
    result.name = identity.substr(identity.rfind('.') + 1);
    result.identity = std::move(identity);
    return result;
}

Snapshot shop() {
    Snapshot snapshot;
    Ref const schema = snapshot.add(object(Kind::schema, "public"));
    Object table = object(Kind::table, "public.t");
    table.schema = "public";
    table.needs = {schema};
    table.set(".note", "kept");
    table.set("owner", "alice");
    Ref const parent = snapshot.add(table);
    Object column = object(Kind::column, "public.t.a");
    column.parent = parent;
    column.position = 3;
    column.set("type", "integer");
    Ref const a = snapshot.add(column);
    Object view = object(Kind::view, "public.v");
    view.set("definition", "SELECT\t'\\n'\r\nFROM t");
    view.needs = {schema, parent, a};
    snapshot.add(view);
    return snapshot;
}

void expect_same(const Snapshot &a, const Snapshot &b) {
    ASSERT_EQ(a.size(), b.size());
    for (Ref ref = 0; ref < a.size(); ref++) {
        EXPECT_EQ(a[ref].kind, b[ref].kind);
        EXPECT_EQ(a[ref].identity, b[ref].identity);
        EXPECT_EQ(a[ref].name, b[ref].name);
        EXPECT_EQ(a[ref].schema, b[ref].schema);
        EXPECT_EQ(a[ref].parent, b[ref].parent);
        EXPECT_EQ(a[ref].position, b[ref].position);
        EXPECT_EQ(a[ref].attributes, b[ref].attributes);
        EXPECT_EQ(a[ref].needs, b[ref].needs);
    }
}

TEST(SchemaText, ThereAndBack) {
    Snapshot const before = shop();
    std::string const text = to_text(before);
    expect_same(before, snapshot_of_text(text));
    EXPECT_EQ(to_text(snapshot_of_text(text)), text);
    expect_same(Snapshot(), snapshot_of_text(""));
}

TEST(SchemaText, OneLineForAnObject) {
    Snapshot const snapshot = shop();
    EXPECT_EQ(to_text(snapshot, 1),
              "table\tpublic.t\tt\tpublic\t0\t+.note\tkept\t+owner\talice\t<schema\tpublic");
    EXPECT_EQ(to_text(snapshot, 2), "column\tpublic.t.a\ta\t\t3\t^table\tpublic.t\t+type\tinteger");
    EXPECT_EQ(to_text(snapshot, 3),
              "view\tpublic.v\tv\t\t0\t+definition\tSELECT\\t'\\\\n'\\r\\nFROM t"
              "\t<schema\tpublic\t<table\tpublic.t\t<column\tpublic.t.a");
}

TEST(SchemaText, AnyByte) {
    std::mt19937 random(1);
    std::string const bytes("\\\t\n\r\0tn0\x1e\x1f\xff +^<", 15);
    auto const value = [&] {
        std::string text;
        for (std::size_t i = random() % 12; i > 0; i--) text += bytes[random() % bytes.size()];
        return text;
    };
    for (int round = 0; round < 1000; round++) {
        Snapshot snapshot;
        Object one = object(Kind::function, "f" + value());
        one.name = value();
        one.schema = value();
        one.set(Snapshot::pooled("n" + value()), value());
        one.set("empty", "");
        snapshot.add(one);
        Object other = object(Kind::view, "v" + value());
        other.needs = {0};
        other.position = -1;
        snapshot.add(other);
        std::string const text = to_text(snapshot);
        EXPECT_EQ(text.find('\0'), std::string::npos);
        EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
        expect_same(snapshot, snapshot_of_text(text));
    }
}

TEST(SchemaText, TheOrderOfTheSnapshotDoesNotCount) {
    Snapshot const before = shop();
    Snapshot other;
    Ref const view = other.add(before[3]);
    Ref const column = other.add(before[2]);
    Ref const table = other.add(before[1]);
    Ref const schema = other.add(before[0]);
    other[column].parent = table;
    other[table].needs = {schema};
    other[view].needs = {column, table, schema};
    EXPECT_EQ(to_text(other, view), to_text(before, 3));
    EXPECT_TRUE(equal(before, snapshot_of_text(to_text(other))));
}

TEST(SchemaText, WhatIsNotThereIsLeftOut) {
    std::string const table = "table\tpublic.t\tt\tpublic\t0\t<schema\tgone\n";
    std::string const column = "column\tpublic.u.a\ta\t\t1\t^table\tpublic.u\n";
    std::string const part = "default\tpublic.u.a\ta\t\t1\t^column\tpublic.u.a\n";
    Snapshot const snapshot = snapshot_of_text(part + column + table);
    ASSERT_EQ(snapshot.size(), 1u);
    EXPECT_EQ(snapshot[0].identity, "public.t");
    EXPECT_TRUE(snapshot[0].needs.empty());
}

TEST(SchemaText, WhatIsMalformed) {
    for (const char *text :
         {"table\tt\tt\t\t0", "table\n", "tabel\tt\tt\t\t0\n", "table\tt\tt\t\tx\n", "\n",
          "table\tt\tt\t\t0\t+a\n", "table\tt\tt\t\t0\t?a\tb\n", "table\tt\tt\t\t0\t\n",
          "table\t\\x\tt\t\t0\n", "table\tt\\\tt\t\t0\n", "table\tt\tt\t\t0\t<tabel\tb\n",
          "table\tt\tt\t\t0\ntable\tt\tt\t\t0\n"})
        EXPECT_THROW(snapshot_of_text(text), std::invalid_argument) << text;
}

TEST(Compare, SaysWhatIsDifferent) {
    Snapshot const before = shop();
    EXPECT_TRUE(compare(before, before).empty());
    Snapshot after =
        Snapshot(before).without([](Ref, const Object &o) { return o.kind == Kind::view; });
    after[2].set("type", "bigint");
    after[2].set("default", std::string(100, 'x'));
    after[1].set(".note", "another");
    Object added = object(Kind::table, "public.x");
    Ref const table = after.add(added);
    Object column = object(Kind::column, "public.x.a");
    column.parent = table;
    after.add(column);
    EXPECT_EQ(to_lines(compare(before, after), 10),
              "added table public.x\n"
              "changed column public.t.a: default, type integer -> bigint\n"
              "removed view public.v");
    EXPECT_EQ(to_lines(compare(after, before), 1), "removed table public.x\nand 2 more");
    std::vector<Difference> const list = compare(before, after);
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[0].change, Change::create);
    EXPECT_EQ(list[1].change, Change::alter);
    EXPECT_EQ(list[2].change, Change::drop);
}

}  // namespace
}  // namespace migrate::schema
