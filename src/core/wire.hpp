// A list of texts as one text, for memory that two processes share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate::core {

std::string pack(const std::vector<std::string> &fields);
std::vector<std::string> unpack(std::string_view packed);

}  // namespace migrate::core
