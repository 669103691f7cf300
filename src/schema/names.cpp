#include "schema/names.hpp"

namespace migrate::schema {

std::vector<std::string> taken_names(const World &world, Ref ref) {
    const Object &object = world[ref];
    switch (object.kind) {
        case Kind::table:
        case Kind::foreign_table:
        case Kind::view:
        case Kind::materialized_view:
        case Kind::composite:
            return {"relation " + object.identity, "type " + object.identity};
        case Kind::sequence:
        case Kind::index:
            return {"relation " + object.identity};
        case Kind::constraint:
            if (object.get("type") == "check") return {};
            return {"relation " + world[object.parent].schema + "." + object.name};
        case Kind::function:
        case Kind::procedure:
        case Kind::aggregate:
            return {"routine " + object.identity};
        case Kind::statistics:
            return {"statistics " + object.identity};
        case Kind::enumeration:
        case Kind::domain:
        case Kind::range:
        case Kind::base_type:
            return {"type " + object.identity};
        default:
            return {};
    }
}

}  // namespace migrate::schema
