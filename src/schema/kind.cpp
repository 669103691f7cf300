#include "schema/kind.hpp"

#include <array>

namespace migrate::schema {

namespace {

constexpr std::array<KindInfo, kKinds> kInfos = {{
    {"schema", "SCHEMA", "SCHEMA", 'n'},
    {"extension", "EXTENSION", "", 0},
    {"access method", "ACCESS METHOD", "", 0},
    {"language", "LANGUAGE", "LANGUAGE", 'l'},
    {"foreign data wrapper", "FOREIGN DATA WRAPPER", "FOREIGN DATA WRAPPER", 'F'},
    {"server", "SERVER", "FOREIGN SERVER", 'S'},
    {"user mapping", "USER MAPPING", "", 0},
    {"collation", "COLLATION", "", 0},
    {"shell type", "TYPE", "", 0},
    {"enum", "TYPE", "TYPE", 'T'},
    {"domain", "DOMAIN", "TYPE", 'T'},
    {"composite type", "TYPE", "TYPE", 'T'},
    {"attribute", "COLUMN", "", 0},
    {"range", "TYPE", "TYPE", 'T'},
    {"base type", "TYPE", "TYPE", 'T'},
    {"function", "FUNCTION", "FUNCTION", 'f'},
    {"procedure", "PROCEDURE", "PROCEDURE", 'f'},
    {"aggregate", "AGGREGATE", "FUNCTION", 'f'},
    {"cast", "CAST", "", 0},
    {"transform", "TRANSFORM", "", 0},
    {"operator", "OPERATOR", "", 0},
    {"operator family", "OPERATOR FAMILY", "", 0},
    {"operator class", "OPERATOR CLASS", "", 0},
    {"domain constraint", "CONSTRAINT", "", 0},
    {"conversion", "CONVERSION", "", 0},
    {"text search parser", "TEXT SEARCH PARSER", "", 0},
    {"text search template", "TEXT SEARCH TEMPLATE", "", 0},
    {"text search dictionary", "TEXT SEARCH DICTIONARY", "", 0},
    {"text search configuration", "TEXT SEARCH CONFIGURATION", "", 0},
    {"sequence", "SEQUENCE", "SEQUENCE", 's'},
    {"table", "TABLE", "TABLE", 'r'},
    {"foreign table", "FOREIGN TABLE", "TABLE", 'r'},
    {"column", "COLUMN", "TABLE", 'c'},
    {"inheritance", "", "", 0},
    {"sequence owner", "", "", 0},
    {"default", "", "", 0},
    {"view", "VIEW", "TABLE", 'r'},
    {"materialized view", "MATERIALIZED VIEW", "TABLE", 'r'},
    {"constraint", "CONSTRAINT", "", 0},
    {"index", "INDEX", "", 0},
    {"partition", "", "", 0},
    {"index partition", "", "", 0},
    {"statistics", "STATISTICS", "", 0},
    {"rule", "RULE", "", 0},
    {"trigger", "TRIGGER", "", 0},
    {"foreign key", "CONSTRAINT", "", 0},
    {"policy", "POLICY", "", 0},
    {"publication", "PUBLICATION", "", 0},
    {"publication table", "", "", 0},
    {"publication schema", "", "", 0},
    {"subscription", "SUBSCRIPTION", "", 0},
    {"event trigger", "EVENT TRIGGER", "", 0},
    {"default privileges", "", "", 0},
    {"extension member", "", "", 0},
}};

}  // namespace

const KindInfo &info(Kind kind) {
    return kInfos[static_cast<std::size_t>(kind)];
}

std::optional<Kind> find_kind(std::string_view name) {
    for (std::size_t i = 0; i < kKinds; i++)
        if (kInfos[i].name == name) return static_cast<Kind>(i);
    return std::nullopt;
}

}  // namespace migrate::schema
