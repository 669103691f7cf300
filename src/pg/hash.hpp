// Checksums and random ids.
#pragma once

#include "pg/datum.hpp"

namespace migrate::pg {

Bytes sha256(std::string_view text);

// `bytes` random bytes as twice as many hexadecimal digits.
std::string random_hex(int bytes);

}  // namespace migrate::pg
