#include "engine/definitions.hpp"

#include <charconv>

namespace migrate::engine {

namespace {

// The numbers of an int2vector, an oidvector or an array: whatever is between them.
class Numbers {
 public:
    explicit Numbers(const char *text) : text_(text == nullptr ? "" : text) {}

    // False when there are no more.
    bool next(long &number) {
        while (*text_ != '\0' && *text_ != '-' && (*text_ < '0' || *text_ > '9')) text_++;
        if (*text_ == '\0') return false;
        char *end = nullptr;
        number = std::strtol(text_, &end, 10);
        text_ = end;
        return true;
    }

 private:
    const char *text_;
};

std::string text_or_empty(const char *text) {
    return text == nullptr ? std::string() : std::string(text);
}

const char *action(char letter) {
    switch (letter) {
        case 'r':
            return "RESTRICT";
        case 'c':
            return "CASCADE";
        case 'n':
            return "SET NULL";
        case 'd':
            return "SET DEFAULT";
        default:
            return nullptr;  // NO ACTION
    }
}

}  // namespace

const std::string &Definitions::type(Oid type, int modifier) {
    auto const found = types_.find({type, modifier});
    if (found != types_.end()) return found->second;
    return types_.emplace(std::pair{type, modifier}, pg::type_name(type, modifier)).first->second;
}

bool Definitions::is_default(Oid operator_class, Oid type) {
    auto const found = defaults_.find({operator_class, type});
    if (found != defaults_.end()) return found->second;
    return defaults_[{operator_class, type}] = pg::is_default_class(operator_class, type);
}

// ---- expressions -----------------------------------------------------------------------------

// What the text of an expression depends on: the tree without the places in the statement that it
// came from, and the names of the columns in it. False: on more than that.
bool Definitions::add_essence(std::string_view tree, Oid table) {
    static constexpr std::string_view kPlace = " :location ";
    static constexpr std::string_view kColumn = " :varattno ";
    std::string names;
    while (true) {
        // Both begin alike, and a blank within a name has a backslash before it.
        std::size_t const at = tree.find(" :");
        if (at == std::string_view::npos) break;
        std::string_view const rest = tree.substr(at);
        if (rest.starts_with(kPlace)) {
            essence_ += tree.substr(0, at);
            tree = rest.substr(kPlace.size());
            while (!tree.empty() &&
                   (tree.front() == '-' || (tree.front() >= '0' && tree.front() <= '9')))
                tree.remove_prefix(1);
            continue;
        }
        if (rest.starts_with(kColumn)) {
            int number = 0;
            std::from_chars(rest.data() + kColumn.size(), rest.data() + rest.size(), number);
            const std::string *const name = number > 0 ? column_(table, number).name : nullptr;
            if (name == nullptr) return false;
            names += '\n' + *name;
        }
        essence_ += tree.substr(0, at + 2);
        tree.remove_prefix(at + 2);
    }
    essence_ += tree;
    essence_ += names;
    return true;
}

std::string Definitions::expression(const char *tree, Oid table) {
    essence_.clear();
    if (!add_essence(tree, table)) return text_or_empty(pg::expression(tree, table));
    auto const found = expressions_.find(essence_);
    if (found != expressions_.end()) return found->second;
    return expressions_.emplace(essence_, text_or_empty(pg::expression(tree, table))).first->second;
}

// ---- constraints and indexes -----------------------------------------------------------------

bool Definitions::add_columns(Oid table, const char *keys, std::string &text) const {
    long number = 0;
    bool first = true;
    for (Numbers numbers(keys); numbers.next(number); first = false) {
        const std::string *const name = column_(table, static_cast<int>(number)).name;
        if (name == nullptr) return false;
        if (!first) text += ", ";
        text += *name;
    }
    return !first;
}

bool Definitions::plain_constraint(const ConstraintRow &row, std::string &text) {
    if (row.plain == nullptr) return false;
    switch (row.type) {
        case 'c':
            text = "CHECK (" + expression(row.tree, row.table) + ")" + text_or_empty(row.marks);
            return true;
        case 'p':
        case 'u':
            text = (row.type == 'p' ? "PRIMARY KEY " : "UNIQUE ") + text_or_empty(row.marks) + "(";
            if (!add_columns(row.table, row.keys, text)) return false;
            text += ')';
            return true;
        case 'f': {
            const std::string *const target = table_(row.target);
            if (target == nullptr) return false;
            text = "FOREIGN KEY (";
            if (!add_columns(row.table, row.keys, text)) return false;
            text += ") REFERENCES " + *target + "(";
            if (!add_columns(row.target, row.target_keys, text)) return false;
            text += ')';
            if (row.actions[0] == 'f') text += " MATCH FULL";
            if (row.actions[0] == 'p') text += " MATCH PARTIAL";
            if (const char *const word = action(row.actions[1]))
                text += fmt::format(" ON UPDATE {}", word);
            if (const char *const word = action(row.actions[2]))
                text += fmt::format(" ON DELETE {}", word);
            return true;
        }
        default:
            return false;
    }
}

std::string Definitions::constraint(const ConstraintRow &row) {
    std::string text;
    if (plain_constraint(row, text)) return text;
    return text_or_empty(pg::constraint_definition(row.oid));
}

bool Definitions::add_key(const IndexRow &row, int key, int option, Oid operator_class,
                          Oid collation, std::string &text) {
    constexpr int kDescending = 1;
    constexpr int kNullsFirst = 2;
    ColumnFacts const column = column_(row.table, key);
    if (column.name == nullptr) return false;
    text += *column.name;
    if (operator_class == InvalidOid) return true;  // it is included
    if (collation != InvalidOid && collation != column.collation) return false;
    if (!is_default(operator_class, column.type)) return false;
    if ((option & kDescending) != 0)
        text += (option & kNullsFirst) != 0 ? " DESC" : " DESC NULLS LAST";
    else if ((option & kNullsFirst) != 0)
        text += " NULLS FIRST";
    return true;
}

bool Definitions::plain_index(const IndexRow &row, std::string &text) {
    if (row.plain == nullptr) return false;
    text = row.head;
    text += '(';
    Numbers keys(row.keys);
    Numbers options(row.options);
    Numbers classes(row.classes);
    Numbers collations(row.collations);
    long key = 0;
    for (int i = 0; keys.next(key); i++) {
        long option = 0;
        long operator_class = InvalidOid;
        long collation = InvalidOid;
        if (i < row.key_count) {
            options.next(option);
            classes.next(operator_class);
            collations.next(collation);
        }
        if (i > 0) text += i == row.key_count ? ") INCLUDE (" : ", ";
        if (!add_key(row, static_cast<int>(key), static_cast<int>(option),
                     static_cast<Oid>(operator_class), static_cast<Oid>(collation), text))
            return false;
    }
    text += ')';
    return true;
}

std::string Definitions::index(const IndexRow &row) {
    std::string text;
    if (plain_index(row, text)) return text;
    return text_or_empty(pg::index_definition(row.oid));
}

}  // namespace migrate::engine
