#include "api/openapi_operation.hpp"

#include <array>

namespace byot::api::openapi {
namespace {

constexpr std::string_view key_example =
    R"({"provider":"googleai","credentialId":"cred_7Hq2mXw9LcTzR4bN","state":"verified","hint":"9fQk",)"
    R"("keyId":"key_a1B2c3D4e5F6","createdAt":"2026-01-02T03:04:05.678Z",)"
    R"("updatedAt":"2026-01-02T03:04:05.678Z","lastUsedAt":"2026-01-05T10:00:00.000Z"})";
constexpr std::string_view status_example =
    R"({"hasKey":true,"keys":[{"provider":"googleai","credentialId":"cred_7Hq2mXw9LcTzR4bN",)"
    R"("state":"verified","hint":"9fQk","keyId":"key_a1B2c3D4e5F6",)"
    R"("createdAt":"2026-01-02T03:04:05.678Z","updatedAt":"2026-01-02T03:04:05.678Z"}]})";
constexpr std::string_view public_key_example =
    R"({"keyId":"key_a1B2c3D4e5F6","publicKey":"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=",)"
    R"("algorithm":"libsodium-sealed-box"})";

constexpr std::array saved_requests{
    example{"plain", R"({"provider":"googleai","apiKey":"the-key-as-your-provider-shows-it"})"},
    example{"expiring", R"({"provider":"openai","apiKey":"the-key-as-your-provider-shows-it",)"
                        R"("expiresAt":"2027-01-01T00:00:00Z"})"},
    example{"sealed", R"({"provider":"googleai","sealedKey":"base64 of a libsodium sealed box",)"
                      R"("keyId":"key_a1B2c3D4e5F6","hint":"9fQk"})"},
};
constexpr std::array saved{answer{"200", "The key is stored.", "application/json", "Key", key_example}};
constexpr std::array save_reasons{reason::token_revoked,
                                  reason::body_invalid,
                                  reason::field_invalid,
                                  reason::provider_unknown,
                                  reason::key_rejected_by_provider,
                                  reason::store_unavailable};

constexpr std::string_view verdicts =
    R"({"type":"string","enum":["accepted","refused","exhausted","unreachable"]})";
constexpr std::array save_fields{answer_field{
    "x-byot-key-check", verdicts,
    "What the provider said of the key just now (`refused` keys are not saved; `unreachable`: it "
    "could not be asked); absent when it was not tried."}};

constexpr std::array provider_query{parameter{"provider", "query",
                                              R"({"$ref":"#/components/schemas/Provider"})",
                                              "Whose key; the default provider when absent."}};
constexpr std::array removed{
    answer{"200", "There is no such key any more.", "application/json", "Removed", R"({"removed":true})"}};
constexpr std::array remove_reasons{reason::token_revoked, reason::field_invalid, reason::provider_unknown,
                                    reason::store_unavailable};

constexpr std::string_view checked_example =
    R"({"provider":"openai","credentialId":"cred_7Hq2mXw9LcTzR4bN","state":"rejected","hint":"9fQk",)"
    R"("keyId":"key_a1B2c3D4e5F6","createdAt":"2026-01-02T03:04:05.678Z",)"
    R"("updatedAt":"2026-01-05T10:00:00.000Z","lastCheckedAt":"2026-01-05T10:00:00.000Z"})";
constexpr std::array checked{
    answer{"200", "The key as it is stored now.", "application/json", "Key", checked_example}};
constexpr std::array check_fields{
    answer_field{"x-byot-key-check", verdicts,
                 "What the provider said of the key; absent when another key was stored meanwhile."}};
constexpr std::array check_reasons{reason::field_invalid,     reason::provider_unknown,
                                   reason::key_required,      reason::key_expired,
                                   reason::key_undecryptable, reason::store_unavailable};

constexpr std::array status{
    answer{"200", "The caller's keys.", "application/json", "KeyStatus", status_example}};
constexpr std::array status_reasons{reason::field_invalid, reason::store_unavailable};

constexpr std::array public_key_reasons{reason::field_invalid};
constexpr std::array public_key{answer{"200", "The key that seals for this service.", "application/json",
                                       "PublicKey", public_key_example}};

constexpr std::array operations{
    operation{
        "saveKey",
        "Keys",
        "Store a key",
        "Keeps the caller's key for a provider, in place of the one that was there. It is sealed "
        "before it is written, and no answer or log ever shows it again. With `sealedKey` the browser "
        "seals it first (see `GET /api/key/public-key`), so that the plain key never leaves it. Unless the "
        "service is told not to, it tries the key at its provider first: one that is refused is not "
        "saved, and what was stored stays; one that could not be tried is saved as `unverified`. A provider "
        "refuses a key by its own words about it alone: pages, rate limits, places and permissions say "
        "nothing. The provider is named in the body; a query parameter or `x-byot-provider` is refused.",
        {},
        "SaveKey",
        saved_requests,
        saved,
        save_reasons,
        save_fields},
    operation{"removeKey",
              "Keys",
              "Remove a key",
              "Forgets the caller's key for a provider. Removing what is not there is a success too. The "
              "provider is named in the query: a body, another parameter or `x-byot-provider` is refused.",
              provider_query,
              {},
              {},
              removed,
              remove_reasons},
    operation{
        "checkKey",
        "Keys",
        "Try a stored key",
        "Asks the provider whether it takes the caller's stored key, and notes the answer as the key's "
        "`state`. When the provider cannot be reached in five seconds, or says nothing about the key, "
        "the state stays as it was. Costs nothing at the provider. The provider is named in the query: a "
        "body, another parameter or `x-byot-provider` is refused.",
        provider_query,
        {},
        {},
        checked,
        check_reasons,
        check_fields},
    operation{"keyStatus",
              "Keys",
              "List my keys",
              "What is stored for the caller; never a key itself.",
              {},
              {},
              {},
              status,
              status_reasons},
    operation{"publicKey",
              "Keys",
              "Get the sealing key",
              "Seal the UTF-8 JSON `{\"v\":1,\"uid\",\"provider\",\"keyId\",\"apiKey\"}` with libsodium's "
              "`crypto_box_seal` under this key, and send it as `sealedKey` with this `keyId`. A box made "
              "for another user or provider is refused. A tenant's user may add `\"tenant\"`, which must be "
              "the caller's.",
              {},
              {},
              {},
              public_key,
              public_key_reasons},
};

} // namespace

std::span<const operation> key_operations() noexcept {
    return operations;
}

} // namespace byot::api::openapi
