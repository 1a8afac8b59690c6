// A payload that is read is UTF-8 and has one meaning: written again it reads as the same. What the box was
// opened to never makes the reader fail in another way than by saying no.

#include "core/encoding.hpp"
#include "fuzz/require.hpp"
#include "vault/sealed_payload.hpp"

#include <sodium.h>

#include <cstdint>
#include <string_view>

namespace {

using namespace byot;
using namespace byot::vault;

void check_round_trip(const sealed_payload& payload) {
    const auto tenant = payload.tenant.value_or("").substr(0, user_id::longest_tenant);
    const auto who = user_id::in_tenant(is_utf8(tenant) ? tenant : "", payload.uid);
    const auto text = write_payload(who, payload.provider, payload.key_id, payload.api_key);
    const auto again = parse_payload(text.expose());
    fuzz::require(again.has_value());
    fuzz::require(again->uid == payload.uid && again->tenant.value_or("") == who.tenant() &&
                  again->provider == payload.provider);
    fuzz::require(again->key_id == payload.key_id && again->api_key == payload.api_key);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_ready = sodium_init() >= 0;
    fuzz::require(is_ready);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto payload = parse_payload(text);
    if (!payload) return 0;
    fuzz::require(is_utf8(text));
    for (const auto part : {payload->uid, payload->provider, payload->key_id, payload->api_key}) {
        fuzz::require(is_utf8(part));
        fuzz::require(fuzz::is_within(part, payload->memory.expose()));
    }
    check_round_trip(*payload);
    return 0;
}
