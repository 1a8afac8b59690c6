#pragma once

#include <cstdint>
#include <string_view>

namespace byot::providers {

/// What a provider's answer says of the key that it was asked with.
enum class verdict : std::uint8_t {
    accepted,    ///< it is good
    refused,     ///< it is not, and will not be by waiting
    exhausted,   ///< it is good and has no credit or quota left at the moment
    unreachable, ///< nothing is known: no answer in time, or one that says nothing of the key
};

/// As `x-byot-key-check` carries it: "accepted".
std::string_view name_of(verdict said) noexcept;

/// Reads the answer to `key_check`'s question. 200 is accepted; 401 and 403 refused, unless the body says
/// that the caller's place or the key's scope is what is wrong; Google's 400 refused when its body says so;
/// 402 and 429 exhausted. A redirect (a key does not follow it), a fault of the provider's and all else:
/// unreachable. `body` may be the beginning of one.
///
/// Sources: https://ai.google.dev/gemini-api/docs/troubleshooting (400 INVALID_ARGUMENT with the reason
/// API_KEY_INVALID; 400 FAILED_PRECONDITION is the country; 429),
/// https://cloud.google.com/php/docs/reference/common-protos/latest/Api.ErrorReason
/// (API_KEY_IP_ADDRESS_BLOCKED), https://help.openai.com/en/articles/6891839-api-error-codes (401; 403 is the
/// country; 429), https://platform.claude.com/docs/en/api/errors (401, 402, 403, 429, 529).
verdict judge(std::string_view provider, unsigned status, std::string_view body);

} // namespace byot::providers
