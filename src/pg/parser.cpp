#include "pg/parser.hpp"

#include "pg/execute.hpp"
#include "pg/index_work.hpp"
#include "pg/statement_kind.hpp"
#include "pg/transactional_form.hpp"
#include "pg/trial.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "parser/scanner.h"
}

namespace migrate::pg {

namespace {

// A script means the same whatever the session's settings are, and the cursor of a parse error is
// one in the script: callers' error callbacks (PL/pgSQL's) would take it for one in their query.
class Parsing {
 public:
    Parsing()
        : strings_(standard_conforming_strings),
          warning_(escape_string_warning),
          quote_(backslash_quote),
          callbacks_(error_context_stack) {
        standard_conforming_strings = true;
        escape_string_warning = false;
        backslash_quote = BACKSLASH_QUOTE_SAFE_ENCODING;
        error_context_stack = nullptr;
    }
    ~Parsing() {
        standard_conforming_strings = strings_;
        escape_string_warning = warning_;
        backslash_quote = quote_;
        error_context_stack = callbacks_;
    }
    Parsing(const Parsing &) = delete;
    Parsing &operator=(const Parsing &) = delete;

 private:
    bool const strings_;
    bool const warning_;
    int const quote_;
    ErrorContextCallback *const callbacks_;
};

}  // namespace

core::Tokens scan(const std::string &text) {
    Parsing const parsing;
    core::Tokens tokens;
    core_yy_extra_type extra;
    MemoryContext const memory = call([] {
        return AllocSetContextCreate(CurrentMemoryContext, "migrate scanner",
                                     ALLOCSET_DEFAULT_SIZES);
    });
    core_yyscan_t const scanner = call([&] {
        MemoryContext const outer = MemoryContextSwitchTo(memory);
        core_yyscan_t made = scanner_init(text.c_str(), &extra, &ScanKeywords, ScanKeywordTokens);
        MemoryContextSwitchTo(outer);
        return made;
    });
    for (;;) {
        YYLTYPE at = 0;
        int const token = call([&] {
            core_YYSTYPE value;
            CHECK_FOR_INTERRUPTS();
            MemoryContext const outer = MemoryContextSwitchTo(memory);
            int const next = core_yylex(&value, &at, scanner);
            MemoryContextSwitchTo(outer);
            return next;
        });
        if (token == 0) break;
        // The scanner ends the current token with a NUL in its own copy of the text.
        auto const length = static_cast<std::uint32_t>(strlen(extra.scanbuf + at));
        auto const begin = static_cast<std::uint32_t>(at);
        tokens.push_back({begin, begin + length, token == ';'});
    }
    call([&] { MemoryContextDelete(memory); });
    return tokens;
}

Section::Section(std::string text) : text_(std::move(text)) {
    core::Tokens const tokens = scan(text_);
    memory_.reset(call([] {
        return AllocSetContextCreate(TopMemoryContext, "migrate section", ALLOCSET_SMALL_SIZES);
    }));
    Parsing const parsing;
    trees_ = call([&] {
        MemoryContext const outer = MemoryContextSwitchTo(memory_.get());
        List *trees = raw_parser(text_.c_str(), RAW_PARSE_DEFAULT);
        MemoryContextSwitchTo(outer);
        return trees;
    });
    auto token = tokens.begin();
    for (int i = 0; i < list_length(trees_); i++) {
        auto *raw = static_cast<RawStmt *>(list_nth(trees_, i));
        std::size_t const stop =
            raw->stmt_len > 0 ? raw->stmt_location + raw->stmt_len : text_.size();
        auto before = [](const core::Token &t, std::size_t offset) { return t.begin < offset; };
        token = std::lower_bound(token, tokens.end(), std::max(raw->stmt_location, 0), before);
        while (token != tokens.end() && token->semicolon) ++token;
        core::Statement statement{};
        statement.begin = token->begin;
        auto last = std::prev(std::lower_bound(token, tokens.end(), stop, before));
        statement.end = last->end;
        token = std::next(last);
        StatementKind const kind = call([&] { return classify(raw->stmt); });
        statement.transactional = !kind.top_level;
        statement.repeat = kind.repeat;
        statement.sets_session = kind.sets_session;
        if (kind.enum_value != nullptr) statement.added_enum_value = kind.enum_value;
        if (kind.refusal != nullptr)
            refusals_.push_back({statements_.size(), kind.refusal, kind.refusal_hint});
        statements_.push_back(std::move(statement));
    }
}

bool Section::run(std::size_t index, bool assertion) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] { return execute_nested(raw, text_.c_str(), assertion); });
}

bool Section::run_in_transaction(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] {
        auto *own = static_cast<RawStmt *>(copyObjectImpl(raw));
        return make_transactional(own->stmt) && (execute_nested(own, text_.c_str(), false), true);
    });
}

Section::Trial Section::try_out(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    if (IsA(raw->stmt, IndexStmt) && castNode(IndexStmt, raw->stmt)->concurrent) {
        create_unbuilt_index(castNode(IndexStmt, raw->stmt), text_.c_str());
        return Trial::unbuilt;
    }
    if (!runs_alone(index)) {
        run_in_transaction(index);
        return Trial::as_it_is;
    }
    bool const drops = IsA(raw->stmt, DropStmt), alters = IsA(raw->stmt, AlterTableStmt);
    GentleLock const table(drops    ? index_work(index).table
                           : alters ? detach_work(index).parent
                                    : InvalidOid);
    GentleLock const dropped(drops ? index_work(index).index : InvalidOid);
    if (!run_in_transaction(index)) return Trial::left_out;
    table.weaken();
    dropped.weaken();
    return Trial::in_transaction;
}

bool Section::runs_alone(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] { return classify(raw->stmt).top_level; });
}

Section::ExtensionRequest Section::extension_request(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    if (!IsA(raw->stmt, CreateExtensionStmt)) return {};
    auto *create = castNode(CreateExtensionStmt, raw->stmt);
    ExtensionRequest request{create->extname, {}, {}};
    for (int i = 0; i < list_length(create->options); i++) {
        auto *option = static_cast<DefElem *>(list_nth(create->options, i));
        std::string const name = option->defname;
        if (name == "schema") request.schema = strVal(option->arg);
        if (name == "new_version") request.version = strVal(option->arg);
    }
    return request;
}

bool Section::is_bracket(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    if (!IsA(raw->stmt, TransactionStmt)) return false;
    auto *control = castNode(TransactionStmt, raw->stmt);
    return (control->kind == TRANS_STMT_BEGIN || control->kind == TRANS_STMT_START ||
            control->kind == TRANS_STMT_COMMIT) &&
           !control->chain;
}

std::string Section::created_schema(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    if (!IsA(raw->stmt, CreateSchemaStmt)) return {};
    auto *create = castNode(CreateSchemaStmt, raw->stmt);
    if (create->schemaname != nullptr) return create->schemaname;
    return create->authrole->rolename == nullptr ? "" : create->authrole->rolename;
}

void Section::run_top_level(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    core::Statement const &statement = statements_[index];
    std::string const own = text_.substr(statement.begin, statement.end - statement.begin);
    try {
        call([&] { execute_top_level(raw, text_.c_str(), own.c_str()); });
    } catch (...) {
        forget_top_level();
        throw;
    }
}

RowChange Section::row_change(std::size_t index) const {
    return find_row_change(static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)))->stmt);
}

DroppedData Section::dropped_data(std::size_t index) const {
    return find_dropped_data(
        static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)))->stmt);
}

void Section::add_locks(std::size_t index, RelationLocks &locks) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    pg::add_locks(raw->stmt, locks);
}

IndexWork Section::index_work(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] { return find_index_work(raw->stmt); });
}

bool Section::builds(std::size_t index, Oid oid) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] { return index_fits(raw->stmt, oid); });
}

DetachWork Section::detach_work(std::size_t index) const {
    auto *raw = static_cast<RawStmt *>(list_nth(trees_, static_cast<int>(index)));
    return call([&] { return find_detach_work(raw->stmt); });
}

}  // namespace migrate::pg
