#include "core/wire.hpp"

#include <cstdint>
#include <cstring>

namespace migrate::core {

std::string pack(const std::vector<std::string> &fields) {
    std::string packed;
    for (const std::string &field : fields) {
        std::uint64_t const size = field.size();
        packed.append(reinterpret_cast<const char *>(&size), sizeof size);
        packed += field;
    }
    return packed;
}

std::vector<std::string> unpack(std::string_view packed) {
    std::vector<std::string> fields;
    while (packed.size() >= sizeof(std::uint64_t)) {
        std::uint64_t size;
        std::memcpy(&size, packed.data(), sizeof size);
        packed.remove_prefix(sizeof size);
        fields.emplace_back(packed.substr(0, size));
        packed.remove_prefix(fields.back().size());
    }
    return fields;
}

}  // namespace migrate::core
