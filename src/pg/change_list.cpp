#include "pg/change_list.hpp"

#include "pg/parser.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parser.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

namespace {

constexpr std::string_view kUpdate = "UPDATE t SET ";
constexpr std::string_view kSelect = "SELECT ";

// An error shows the text with its cursor: the caller's own statement is another one.
template <class F>
auto showing(const std::string &text, F &&f) {
    try {
        return call(f);
    } catch (const PgError &error) {
        if (error.data->cursorpos > 0) {
            error.data->internalpos = error.data->cursorpos;
            error.data->internalquery = call([&] { return pstrdup(text.c_str()); });
            error.data->cursorpos = 0;
        }
        throw;
    }
}

// The only statement of the text; null when there are none or several.
::Node *parse_one(const std::string &text) {
    List *const trees = showing(text, [&] { return raw_parser(text.c_str(), RAW_PARSE_DEFAULT); });
    if (list_length(trees) != 1) return nullptr;
    return static_cast<RawStmt *>(linitial(trees))->stmt;
}

bool only_sets(::Node *node) {
    if (node == nullptr || !IsA(node, UpdateStmt)) return false;
    auto const *update = castNode(UpdateStmt, node);
    return update->whereClause == nullptr && update->fromClause == NIL &&
           update->returningList == NIL && update->withClause == nullptr;
}

bool only_selects_one(::Node *node) {
    if (node == nullptr || !IsA(node, SelectStmt)) return false;
    auto const *select = castNode(SelectStmt, node);
    if (select->op != SETOP_NONE || select->distinctClause != NIL ||
        select->intoClause != nullptr || select->fromClause != NIL ||
        select->whereClause != nullptr || select->groupClause != NIL ||
        select->havingClause != nullptr || select->windowClause != NIL ||
        select->valuesLists != NIL || select->sortClause != NIL || select->limitOffset != nullptr ||
        select->limitCount != nullptr || select->lockingClause != NIL ||
        select->withClause != nullptr || list_length(select->targetList) != 1)
        return false;
    auto const *target = static_cast<ResTarget *>(linitial(select->targetList));
    return target->name == nullptr;
}

// A statement that ends in a semicolon parses as one, but cannot be a part of another.
void refuse_semicolons(const std::string &text, const char *what) {
    for (const core::Token &token : scan(text))
        if (token.semicolon) fail("42601", fmt::format("{} must not contain a semicolon", what));
}

bool is_plain(const ResTarget *target) {
    return target->indirection == NIL && !IsA(target->val, MultiAssignRef) &&
           !IsA(target->val, SetToDefault);
}

std::string_view at(const std::string &text, const core::Token &token) {
    return std::string_view(text).substr(token.begin, token.end - token.begin);
}

// What stands between the first "=" of [begin, end) and its end, without comments around it.
std::string right_side(const std::string &text, const core::Tokens &tokens, std::size_t begin,
                       std::size_t end) {
    std::size_t first = 0, last = 0;
    bool assigned = false;
    for (const core::Token &token : tokens) {
        if (token.begin < begin || token.begin >= end) continue;
        if (assigned) {
            if (first == 0) first = token.begin;
            last = token.end;
        }
        assigned = assigned || at(text, token) == "=";
    }
    return text.substr(first, last - first);
}

// Where assignment `i` ends: before the comma that the next one follows, and that is not the one
// inside "(a, b) = ...".
std::size_t end_of(const std::string &text, const core::Tokens &tokens, List *targets, int i) {
    if (i + 1 == list_length(targets)) return text.size();
    auto const next =
        static_cast<std::size_t>(static_cast<ResTarget *>(list_nth(targets, i + 1))->location);
    std::size_t end = next;
    for (const core::Token &token : tokens)
        if (token.begin < next && at(text, token) == ",") end = token.begin;
    return end;
}

}  // namespace

std::vector<Assignment> parse_assignments(const std::string &text) {
    std::string const statement = std::string(kUpdate) + text;
    ::Node *const node = parse_one(statement);
    refuse_semicolons(text, "the assignments");
    if (!only_sets(node))
        fail("42601", "the assignments must be the SET list of an UPDATE alone", {},
             "Write them as in 'a = b + 1, c = lower(d)', and the condition as an argument of "
             "its own.");
    core::Tokens const tokens = scan(statement);
    List *const targets = castNode(UpdateStmt, node)->targetList;
    std::vector<Assignment> result;
    for (int i = 0; i < list_length(targets); i++) {
        auto const *target = static_cast<ResTarget *>(list_nth(targets, i));
        Assignment assignment{target->name, std::nullopt};
        if (is_plain(target))
            assignment.expression =
                right_side(statement, tokens, static_cast<std::size_t>(target->location),
                           end_of(statement, tokens, targets, i));
        result.push_back(std::move(assignment));
    }
    return result;
}

void check_expression(const std::string &text, const char *name) {
    std::string const what = fmt::format("the {}", name);
    ::Node *const node = parse_one(std::string(kSelect) + text);
    refuse_semicolons(text, what.c_str());
    if (!only_selects_one(node))
        fail("42601", fmt::format("{} must be one expression", what), {},
             "Write it as in 'a IS NULL AND b > 10', without WHERE.");
}

bool has_volatile_condition(const std::string &select) {
    return showing(select, [&] {
        List *const trees = raw_parser(select.c_str(), RAW_PARSE_DEFAULT);
        PushActiveSnapshot(GetTransactionSnapshot());
        List *const queries =
            compat::analyze_and_rewrite(static_cast<RawStmt *>(linitial(trees)), select.c_str());
        auto const *query = static_cast<Query *>(linitial(queries));
        bool const result = contain_volatile_functions(query->jointree->quals);
        PopActiveSnapshot();
        return result;
    });
}

}  // namespace migrate::pg
