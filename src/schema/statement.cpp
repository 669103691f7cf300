#include "schema/statement.hpp"

namespace migrate::schema {

std::string_view to_string(Risk risk) {
    switch (risk) {
        case Risk::loses_data:
            return "loses data";
        case Risk::rewrites:
            return "rewrites";
        case Risk::scans:
            return "scans";
        case Risk::locks:
            return "locks";
        case Risk::may_fail:
            return "may fail";
        case Risk::breaks_code:
            return "breaks running code";
    }
    return {};
}

std::string_view to_string(Change change) {
    switch (change) {
        case Change::create:
            return "create";
        case Change::alter:
            return "alter";
        case Change::drop:
            return "drop";
        case Change::rename:
            return "rename";
    }
    return {};
}

}  // namespace migrate::schema
