// How the server writes down what its catalogs hold as trees and numbers.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Null where the object has gone meanwhile. The text lasts as long as the current memory context.
const char *constraint_definition(Oid constraint);
const char *index_definition(Oid index);
// Of a tree as pg_node_tree has it, about the columns of a relation.
const char *expression(const char *tree, Oid relation);

std::string type_name(Oid type, int modifier);

// Whether indexes of the same access method on that type get this operator class by themselves.
bool is_default_class(Oid operator_class, Oid type);

}  // namespace migrate::pg
