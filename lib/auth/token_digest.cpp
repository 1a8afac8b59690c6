// OpenSSL 3's EVP interface allocates for every digest it makes; this one does not, and a warm request must
// not. Both run the same assembly.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "auth/token_digest.hpp"

#include <openssl/sha.h>

namespace byot::auth {

token_digest digest_of(std::string_view token) noexcept {
    SHA256_CTX context;
    token_digest digest;
    SHA256_Init(&context);
    SHA256_Update(&context, token.data(), token.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

} // namespace byot::auth
