// What is read from the catalogs, one query for each kind of object or family of kinds.
//
// Columns with these names say what an object is; all others are its attributes, NULL where the
// attribute is absent or has PostgreSQL's default.
//   oid, subid   where it is in its catalog; subid is the number of a column
//   kind         where a query has several kinds
//   schema       OID of its schema
//   parent       OID of what it is a part of; without one, the row is skipped
//   name         quoted
//   identity     where it is not the name after the schema or the parent; suffix: what follows it
//   owner        OID of a role
//   position     number among its siblings
//   %...         numbers and trees that its definition is made of, see Definitions
//   needs        what it depends on, where pg_depend does not say so: "catalog/object/part ..."
#pragma once

#include <span>

#include "engine/snapshot.hpp"
#include "schema/kind.hpp"

namespace migrate::engine {

struct CatalogQuery {
    // Where the rows do not say it. count_: the rows add attributes to what is there already.
    schema::Kind kind;
    Oid catalog;
    Oid parents;  // the catalog of the column "parent"
    std::string sql;
};

// OIDs of the catalogs, the same in every release.
namespace catalog {
inline constexpr Oid kClass = 1259, kType = 1247, kFunction = 1255, kSchema = 2615,
                     kConstraint = 2606, kDefault = 2604, kRule = 2618, kTrigger = 2620,
                     kPolicy = 3256, kExtension = 3079, kLanguage = 2612, kAccessMethod = 2601,
                     kWrapper = 2328, kServer = 1417, kUserMapping = 1418, kCast = 2605,
                     kCollation = 3456, kConversion = 2607, kOperator = 2617,
                     kClassOfOperators = 2616, kFamilyOfOperators = 2753, kTransform = 3576,
                     kParser = 3601, kTemplate = 3764, kDictionary = 3600, kConfiguration = 3602,
                     kStatistics = 3381, kPublication = 6104, kPublicationTable = 6106,
                     kPublicationSchema = 6237, kSubscription = 6100, kEventTrigger = 3466,
                     kDefaultPrivileges = 826, kAttribute = 1249;
}  // namespace catalog

// In an order in which a parent comes before its parts.
std::vector<CatalogQuery> global_queries();
std::vector<CatalogQuery> type_queries();
std::vector<CatalogQuery> routine_queries();
std::vector<CatalogQuery> relation_queries();
std::vector<CatalogQuery> column_queries();  // what few columns have
std::vector<CatalogQuery> part_queries();
std::vector<CatalogQuery> late_queries();

// Pieces of SQL that several have.
std::string has_options(const std::string &column);
std::string acl_of(const std::string &column);  // as schema::parse_acl() reads it
std::string options_of(const std::string &column, const std::string &prefix = "");  // name=value
std::string foreign_options_of(const std::string &column);                          // name 'value'
std::string sequence_columns();  // of pg_sequence AS s

}  // namespace migrate::engine
