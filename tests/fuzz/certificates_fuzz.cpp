// Whatever the certificates address or Identity Toolkit answers, what is taken from it keeps the promises.

#include "auth/certificate_source.hpp"
#include "auth/revocation.hpp"
#include "fuzz/require.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstdint>

namespace {

using namespace byot;

void check_set(std::string_view bytes) {
    const auto set = auth::parse_certificates(bytes);
    fuzz::require(ERR_peek_error() == 0);
    if (!set) return;
    fuzz::require(!set->empty());
    for (const auto& [kid, key] : *set) {
        fuzz::require(!kid.empty() && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA);
        fuzz::require(EVP_PKEY_get_bits(key.get()) >= 2048);
        fuzz::require(!auth::is_signed_by(*key, bytes, bytes));
    }
}

void check_user(std::string_view bytes) {
    auth::identity who;
    who.user = user_id("u");
    const auto answer = auth::check_lookup(bytes, who);
    if (answer) {
        fuzz::require(bytes.find("localId") != std::string_view::npos ||
                      bytes.find('\\') != std::string_view::npos);
        return;
    }
    const auto why = answer.error().why();
    fuzz::require(why == reason::token_revoked || why == reason::identity_unavailable);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_set(bytes);
    check_user(bytes);
    const auto age = auth::parse_max_age(bytes).count();
    fuzz::require(age >= 0 && age <= 2147483648);
    return 0;
}
