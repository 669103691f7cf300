#include "pg/names.hpp"

extern "C" {
#include "commands/defrem.h"
}

namespace migrate::pg {

std::string object_name(const std::string &a, const std::string &b, const std::string &label) {
    return call(
        [&] { return makeObjectName(a.c_str(), b.empty() ? nullptr : b.c_str(), label.c_str()); });
}

}  // namespace migrate::pg
