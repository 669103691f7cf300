// Values that move from one type to another, as the expression that ALTER TABLE ... USING and
// INSERT ... SELECT have for it.
#pragma once

#include "schema/casts.hpp"
#include "schema/world.hpp"

namespace migrate::schema {

struct Conversion {
    std::string value;  // empty: PostgreSQL does it by itself
    // Functions that the expression calls: how each is made, and dropped when it has served.
    struct Function {
        std::string create;
        std::string drop;
    };
    std::vector<Function> functions;
    bool rounds = false;  // values may become others without an error
    bool fails = false;   // some may have none
};

// Of a column. `renewed`: types of the user that it is made of are made anew under their names,
// while the old ones are called as identity_aside() says.
Conversion convert_column(const World &before, const Object &from, const World &after,
                          const Object &to, const Casts &casts, bool renewed);

}  // namespace migrate::schema
