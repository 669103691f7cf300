// The kinds of things that a schema is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::schema {

// In the order in which they are created where no dependency says otherwise: it is pg_dump's, for
// the same reason (bodies of functions, which nobody looks into, find what they name).
enum class Kind : std::uint8_t {
    schema,
    extension,
    access_method,
    language,
    foreign_data_wrapper,
    server,
    user_mapping,
    collation,
    shell_type,  // the name of a type whose functions have to come first
    enumeration,
    domain,
    composite,
    attribute,  // of a composite type
    range,
    base_type,
    function,
    procedure,
    aggregate,
    cast,
    transform,
    operator_,
    operator_family,
    operator_class,
    domain_constraint,
    conversion,
    text_search_parser,
    text_search_template,
    text_search_dictionary,
    text_search_configuration,
    sequence,
    table,
    foreign_table,
    column,
    inheritance,     // the link from a child to its parent
    sequence_owner,  // the link from a sequence to its column
    default_value,
    view,
    materialized_view,
    constraint,  // but for foreign keys
    index,
    partition,        // the link from a partition to its table
    index_partition,  // the same of their indexes
    statistics,
    rule,
    trigger,
    foreign_key,
    policy,
    publication,
    publication_table,
    publication_schema,
    subscription,
    event_trigger,
    default_privileges,
    member,  // what belongs to an extension or to the system: only its grants are the user's
    count_
};

inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::count_);

struct KindInfo {
    std::string_view name;  // as users say it in options and read it in reports
    std::string_view noun;  // in ALTER, DROP and COMMENT ON; empty where there is no such command
    std::string_view grants_on;  // in GRANT ... ON; empty: has no privileges
    char acl;                    // its letter for acldefault()
};

const KindInfo &info(Kind kind);
inline std::string_view to_string(Kind kind) {
    return info(kind).name;
}
std::optional<Kind> find_kind(std::string_view name);

}  // namespace migrate::schema
