// Neighbours that alter one table as one ALTER TABLE: it writes or reads the rows once for all.
#pragma once

#include "schema/statement.hpp"

namespace migrate::schema {

// Marks those that can be one with the statement before (Statement::goes_on).
void join_neighbours(std::vector<Statement> &statements);

// How many of the statements, from `first` on, are one.
std::size_t count_joined(const std::vector<Statement> &statements, std::size_t first);
// That one, without the semicolon.
std::string joined(const std::vector<Statement> &statements, std::size_t first);

}  // namespace migrate::schema
