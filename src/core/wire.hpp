// A list of texts as one text, for memory that two processes share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

std::string pack(const std::vector<std::string> &fields);
std::vector<std::string> unpack(std::string_view packed);

// Reads what pack() made of fields, in the order in which they were put there.
class Fields {
 public:
    explicit Fields(std::string_view packed) : fields_(unpack(packed)) {}
    std::string text() { return std::move(fields_.at(next_++)); }
    std::int64_t number() { return std::stoll(fields_.at(next_++)); }
    std::vector<std::string> texts() {
        std::vector<std::string> result(static_cast<std::size_t>(number()));
        for (std::string &entry : result) entry = text();
        return result;
    }

 private:
    std::vector<std::string> fields_;
    std::size_t next_ = 0;
};

}  // namespace migrate::core
