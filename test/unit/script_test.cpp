#include "core/script.hpp"

#include <gtest/gtest.h>

using namespace migrate::core;

namespace {

// As much of the server's scanner as these texts need: words, semicolons, line and block comments.
Tokens scan(std::string_view text) {
    Tokens tokens;
    int depth = 0;
    for (std::size_t i = 0; i < text.size();) {
        auto const at = [&](std::string_view word) { return text.substr(i, 2) == word; };
        if (at("/*")) {
            depth++, i += 2;
        } else if (depth > 0) {
            if (at("*/")) depth--, i++;
            i++;
        } else if (at("--")) {
            i = std::min(text.find('\n', i), text.size());
        } else if (text[i] == ';') {
            tokens.push_back(
                {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + 1), true});
            i++;
        } else if (text[i] == ' ' || text[i] == '\n') {
            i++;
        } else {
            std::size_t const end = std::min(text.find_first_of(" ;\n", i), text.size());
            tokens.push_back(
                {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(end), false});
            i = end;
        }
    }
    return tokens;
}

Script read(std::string_view text) {
    return read_script(text, scan(text));
}

std::string part(std::string_view text, const Section &section) {
    return std::string(text.substr(section.begin, section.end - section.begin));
}

// "line: message" of what is wrong with a text.
std::string problem(std::string_view text) {
    try {
        read(text);
        return "";
    } catch (const ScriptError &e) {
        return std::to_string(line_of(text, e.offset())) + ": " + e.message();
    }
}

}  // namespace

TEST(Script, Sections) {
    std::string const text =
        "-- migrate:revision abc\n-- migrate:revises d1, d2\n-- migrate:message One\n"
        "-- migrate:message more\n-- migrate:label l1 l2\n-- migrate:depends x\n"
        "-- migrate:up\nSELECT 1;\n-- migrate:verify\nSELECT 2;\n"
        "-- migrate:down transaction:false\nSELECT 3;\n";
    Script const script = read(text);
    EXPECT_EQ(script.header.revision, "abc");
    EXPECT_EQ(script.header.revises, (std::vector<std::string>{"d1", "d2"}));
    EXPECT_EQ(script.header.message, "One\nmore");
    EXPECT_EQ(script.header.labels, (std::vector<std::string>{"l1", "l2"}));
    EXPECT_EQ(script.header.depends_on, std::vector<std::string>{"x"});
    EXPECT_EQ(part(text, script.up), "SELECT 1;\n");
    EXPECT_EQ(part(text, script.verify), "SELECT 2;\n");
    EXPECT_EQ(part(text, script.down), "SELECT 3;\n");
    EXPECT_TRUE(script.up.transaction);
    EXPECT_FALSE(script.down.transaction);
}

TEST(Script, DbmateFilesAndABase) {
    Script const script = read("--  migrate:up\nSELECT 1\n--migrate:down\nSELECT 2\n");
    EXPECT_FALSE(script.header.revises);
    EXPECT_TRUE(script.down.present);
    EXPECT_EQ(read("-- migrate:revises base\n-- migrate:up\n").header.revises,
              std::vector<std::string>());
}

TEST(Script, WhatIsNoDirective) {
    std::string const text =
        "-- migrate these users\n-- Migrate\n/* -- migrate:down */\n-- migrate:up\n"
        "SELECT 1; /* \n-- migrate:down\n*/ SELECT 2;\n";
    Script const script = read(text);
    EXPECT_FALSE(script.down.present);
    EXPECT_EQ(script.up.end, text.size());
}

TEST(Script, NearMisses) {
    EXPECT_EQ(problem("-- migrate: up\n"), "1: malformed directive");
    EXPECT_EQ(problem("-- Migrate:up\n"), "1: malformed directive");
    EXPECT_EQ(problem("-- migrate :up\n"), "1: malformed directive");
    EXPECT_EQ(problem("-- migrate:Up\n"), "1: unknown directive \"Up\"");
    EXPECT_EQ(problem("-- migrate:upp\n"), "1: unknown directive \"upp\"");
    EXPECT_EQ(problem("\n-- migrate:up\nSELECT 1; -- migrate:down\n"),
              "3: a directive must stand on a line of its own");
}

TEST(Script, Order) {
    EXPECT_EQ(problem("SELECT 1;\n"), "1: script has no \"-- migrate:up\" section");
    EXPECT_EQ(problem("\nSELECT 1;\n-- migrate:up\n"), "2: statement before the first section");
    EXPECT_EQ(problem("-- migrate:down\n-- migrate:up\n"),
              "1: section \"down\" before \"-- migrate:up\"");
    EXPECT_EQ(problem("-- migrate:up\n-- migrate:up\n"), "2: directive \"up\" stands twice");
    EXPECT_EQ(problem("-- migrate:up\n-- migrate:label x\n"),
              "2: directive \"label\" after the first section");
    EXPECT_EQ(problem("-- migrate:up\n-- migrate:foo\n"), "2: unknown directive \"foo\"");
}

TEST(Script, Options) {
    EXPECT_EQ(problem("-- migrate:up transaction:true\n"), "");
    EXPECT_EQ(problem("-- migrate:up transaction=false\n"),
              "1: unknown option \"transaction=false\"");
    EXPECT_EQ(problem("-- migrate:up\n-- migrate:verify transaction:false\n"),
              "2: unknown option \"transaction:false\"");
}

TEST(Script, NoTransactionBelongsToTheNextStatement) {
    std::string const text =
        "-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\nCALL p();\nSELECT 2;\n";
    EXPECT_EQ(read(text).no_transaction,
              std::vector<std::uint32_t>{static_cast<std::uint32_t>(text.find("CALL"))});
    std::string const misplaced = "misplaced directive \"no-transaction\"";
    EXPECT_EQ(problem("-- migrate:no-transaction\n-- migrate:up\nCALL p();\n"), "1: " + misplaced);
    EXPECT_EQ(problem("-- migrate:up\nSELECT\n-- migrate:no-transaction\n1;\n"), "3: " + misplaced);
    EXPECT_EQ(problem("-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\n"), "3: " + misplaced);
}

TEST(Script, NoTransactionBeforeAMarkerBelongsToNothing) {
    EXPECT_EQ(problem("-- migrate:up\nSELECT 1;\n-- migrate:no-transaction\n-- migrate:down\n"
                      "SELECT 2;\n"),
              "3: misplaced directive \"no-transaction\"");
}

TEST(Script, WriteIsReadBack) {
    Parts parts;
    parts.id = "abc";
    parts.message = "One\ntwo";
    parts.parents = {"p"};
    parts.labels = {"l"};
    parts.depends_on = {"d1", "d2"};
    parts.up = "SELECT 1";
    parts.down = "";
    parts.verify = "SELECT 2;\n";
    parts.up_transaction = false;
    std::string const text = write_script(parts);
    EXPECT_EQ(text, normalise(text));
    Script const script = read(text);
    EXPECT_EQ(script.header.revision, parts.id);
    EXPECT_EQ(script.header.message, parts.message);
    EXPECT_EQ(script.header.revises, parts.parents);
    EXPECT_EQ(script.header.depends_on, parts.depends_on);
    EXPECT_EQ(part(text, script.up), "SELECT 1\n");
    EXPECT_EQ(part(text, script.verify), "SELECT 2;\n");
    EXPECT_TRUE(script.down.present);
    EXPECT_FALSE(script.up.transaction);
}

TEST(Script, Normalise) {
    EXPECT_EQ(normalise("\xEF\xBB\xBF"
                        "a\r\nb\rc"),
              "a\nb\rc\n");
    EXPECT_EQ(normalise(""), "\n");
    EXPECT_EQ(normalise("a\n"), "a\n");
}

TEST(Script, FileNames) {
    auto both = [](std::string_view path) {
        NamedBy const name = read_file_name(path);
        return name.revision + "|" + name.message;
    };
    EXPECT_EQ(both("db/0042_add_users.sql"), "0042|add users");
    EXPECT_EQ(both("20240101120000-add.sql"), "20240101120000|add");
    EXPECT_EQ(both("0042.sql"), "0042|0042");
    EXPECT_EQ(both("add_users.sql"), "add_users|add users");
    EXPECT_EQ(both(".sql"), "|");
    EXPECT_EQ(both("12a_x"), "12|a x");
}

TEST(Script, NamesInTheHeader) {
    EXPECT_EQ(problem("-- migrate:revision a-b\n-- migrate:up\n"),
              "1: character \"-\" not allowed in revision identifier \"a-b\"");
    EXPECT_EQ(problem("-- migrate:label my-branch\n-- migrate:up\n"), "");
    EXPECT_EQ(problem("-- migrate:depends head\n-- migrate:up\n"),
              "1: revision identifier \"head\" is reserved");
}
