#include "pg/names.hpp"

extern "C" {
#include "commands/defrem.h"
}

namespace migrate::pg {

std::string object_name(const std::string &a, const std::string &b, const std::string &label) {
    return call(
        [&] { return makeObjectName(a.c_str(), b.empty() ? nullptr : b.c_str(), label.c_str()); });
}

std::string choose_name(const std::string &a, const std::string &b, const std::string &label,
                        const std::function<bool(const std::string &)> &taken) {
    for (int i = 0;; i++) {
        std::string name = object_name(a, b, i == 0 ? label : label + std::to_string(i));
        if (!taken(name)) return name;
    }
}

}  // namespace migrate::pg
