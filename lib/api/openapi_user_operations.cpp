#include "api/openapi_operations.hpp"

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

constexpr std::array flow_parameters{
    parameter{"path", "path", R"({"type":"string","minLength":1,"examples":["interview"]})",
              "The flow's path below the upstream's base; it may hold further slashes."},
    parameter{"x-byot-provider", "header", R"({"$ref":"#/components/schemas/Provider"})",
              "Whose key pays; the default provider when absent."},
    parameter{"x-genkit-stream-id", "header", R"({"type":"string"})",
              "Of an earlier answer of the same user: follows that durable stream again."},
    parameter{"x-firebase-appcheck", "header", R"({"type":"string"})",
              "An App Check token, passed on to the flow."},
};
constexpr std::array flow_requests{
    example{"interview", R"({"data":"Ask me about coroutines."})"},
    example{"object", R"({"data":{"topic":"coroutines","level":"senior"}})"},
};
constexpr std::string_view stream_example = "data: {\"message\":\"Why\"}\n\n"
                                            "data: {\"message\":\" coroutines?\"}\n\n"
                                            "data: {\"result\":\"Why coroutines?\"}\n\n";
constexpr std::array flow_answers{
    answer{"200",
           "The flow's answer: one JSON object, or with `Accept: text/event-stream` an event per piece.",
           "application/json", "FlowAnswer", R"({"result":"Why coroutines?"})"},
    answer{"200", {}, "text/event-stream", {}, stream_example},
    answer{"default", "The flow's own answer, status and body as it gave them.", {}, {}, {}},
};
constexpr std::array flow_reasons{
    reason::stream_not_yours,  reason::provider_unknown,  reason::key_required,
    reason::key_expired,       reason::key_undecryptable, reason::too_many_streams,
    reason::store_unavailable, reason::upstream_invalid,  reason::upstream_unreachable,
    reason::upstream_timeout,
};

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::array receipt{
    answer_field{"Retry-After", text, "The flow's: when to ask again."},
    answer_field{"x-byot-credential", text, "Which key paid: `user/PROVIDER/CREDENTIAL`."},
    answer_field{"x-genkit-trace-id", text, "The flow's trace."},
    answer_field{"x-genkit-stream-id", text, "Of a durable stream; for this user alone."},
};

constexpr std::array operations{
    operation{
        .name = "saveKey",
        .tag = "Keys",
        .summary = "Store a key",
        .description =
            "Keeps the caller's key for a provider, in place of the one that was there. It is sealed "
            "before it is written, and no answer or log ever shows it again. With `sealedKey` the browser "
            "seals it first (see `GET /api/key/public-key`), so that the plain key never leaves it. Unless "
            "the "
            "service is told not to, it tries the key at its provider first: one that is refused is not "
            "saved, and what was stored stays; one that could not be tried is saved as `unverified`. A "
            "provider "
            "refuses a key by its own words about it alone: pages, rate limits, places and permissions say "
            "nothing. The provider is named in the body; a query parameter or `x-byot-provider` is refused.",
        .request_schema = "SaveKey",
        .requests = saved_requests,
        .answers = saved,
        .reasons = save_reasons,
        .answer_fields = save_fields},
    operation{
        .name = "removeKey",
        .tag = "Keys",
        .summary = "Remove a key",
        .description =
            "Forgets the caller's key for a provider. Removing what is not there is a success too. The "
            "provider is named in the query: a body, another parameter or `x-byot-provider` is refused.",
        .parameters = provider_query,
        .answers = removed,
        .reasons = remove_reasons},
    operation{
        .name = "checkKey",
        .tag = "Keys",
        .summary = "Try a stored key",
        .description =
            "Asks the provider whether it takes the caller's stored key, and notes the answer as the key's "
            "`state`. When the provider cannot be reached in five seconds, or says nothing about the key, "
            "the state stays as it was. Costs nothing at the provider. The provider is named in the query: a "
            "body, another parameter or `x-byot-provider` is refused.",
        .parameters = provider_query,
        .answers = checked,
        .reasons = check_reasons,
        .answer_fields = check_fields},
    operation{.name = "keyStatus",
              .tag = "Keys",
              .summary = "List my keys",
              .description = "What is stored for the caller; never a key itself.",
              .answers = status,
              .reasons = status_reasons},
    operation{
        .name = "publicKey",
        .tag = "Keys",
        .summary = "Get the sealing key",
        .description =
            "Seal the UTF-8 JSON `{\"v\":1,\"uid\",\"provider\",\"keyId\",\"apiKey\"}` with libsodium's "
            "`crypto_box_seal` under this key, and send it as `sealedKey` with this `keyId`. A box made "
            "for another user or provider is refused. A tenant's user may add `\"tenant\"`, which must be "
            "the caller's.",
        .answers = public_key,
        .reasons = public_key_reasons},
    operation{
        .name = "askFlow",
        .tag = "Flows",
        .summary = "Ask a Genkit flow",
        .description =
            "Relays the request to the flow with the caller's own key, and the answer back as it comes: "
            "body, "
            "status, content type, `x-genkit-*` and what the status needs (Retry-After, Location …) "
            "unaltered. "
            "The flow is told who asks in `x-byot-uid` and, for a tenant's user, `x-byot-tenant`, "
            "percent-encoded as UTF-8 but for visible ASCII. Without a stored key the answer is "
            "KEY_REQUIRED; "
            "no other key is ever used in its place. The query goes to the flow too. A stream of Genkit's "
            "ends "
            "with a `result` or an `error` event; when the flow dies on the way, the last event is "
            "`data: {\"error\":{\"status\":\"UNAVAILABLE\",…}}`. A stream of another protocol that is cut "
            "short "
            "is reset. A flow whose provider refuses the key says so to this service by the answer's field "
            "`x-byot-key-state: rejected` or `exhausted`, which goes no further, or in a stream by a member "
            "of "
            "that name in the `details` of its error: the key's state shows it then.",
        .parameters = flow_parameters,
        .request_schema = "FlowRequest",
        .requests = flow_requests,
        .answers = flow_answers,
        .reasons = flow_reasons,
        .answer_fields = receipt},
};

} // namespace

std::span<const operation> user_operations() noexcept {
    return operations;
}

} // namespace byot::api::openapi
