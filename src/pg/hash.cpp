#include "pg/hash.hpp"

extern "C" {
#include "common/cryptohash.h"
#include "common/sha2.h"
}

namespace migrate::pg {

Bytes sha256(std::string_view text) {
    Bytes digest{std::string(PG_SHA256_DIGEST_LENGTH, '\0')};
    auto *to = reinterpret_cast<uint8 *>(digest.data.data());
    call([&] {
        pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);
        if (pg_cryptohash_init(context) < 0 ||
            pg_cryptohash_update(context, reinterpret_cast<const uint8 *>(text.data()),
                                 text.size()) < 0 ||
            pg_cryptohash_final(context, to, PG_SHA256_DIGEST_LENGTH) < 0)
            elog(ERROR, "could not compute SHA-256");
        pg_cryptohash_free(context);
    });
    return digest;
}

std::string random_hex(int bytes_wanted) {
    std::string bytes(bytes_wanted, '\0');
    if (!pg_strong_random(bytes.data(), bytes.size()))
        throw std::runtime_error("could not generate random values");
    std::string out;
    for (unsigned char byte : bytes) out += fmt::format("{:02x}", byte);
    return out;
}

}  // namespace migrate::pg
