#include "api/openapi_shapes.hpp"

#include <array>

namespace byot::api::openapi {
namespace {

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::string_view yes_or_no = R"({"type":"boolean"})";
constexpr std::string_view moment = R"({"type":"string","format":"date-time"})";
constexpr std::string_view base64 = R"({"type":"string","contentEncoding":"base64"})";
constexpr std::string_view anything = "{}";
constexpr std::string_view provider = R"({"$ref":"#/components/schemas/Provider"})";

constexpr std::array key{
    member{"provider", provider, "Whose key it is."},
    member{"credentialId", R"({"type":"string","pattern":"^cred_[A-Za-z0-9]{16}$"})",
           "Names this key, new at each save. The receipt `x-byot-credential` of an answer ends with it."},
    member{"state", R"({"$ref":"#/components/schemas/KeyState"})", "What is known of the key."},
    member{"hint", R"({"type":"string","maxLength":4})",
           "Its last four characters; none for keys under twelve.", false},
    member{"keyId", R"({"type":"string","pattern":"^key_[A-Za-z0-9]{12}$"})",
           "The keyring entry that sealed it."},
    member{"createdAt", moment, "When the key was saved."},
    member{"updatedAt", moment, "When anything about it changed."},
    member{"lastUsedAt", moment, "When a request last went out with it.", false},
    member{"lastCheckedAt", moment, "When its provider was last asked about it.", false},
    member{"expiresAt", moment, "From when on it is not used any more.", false},
};
constexpr std::array key_status{
    member{"hasKey", yes_or_no, "Whether there is any."},
    member{"keys", R"({"type":"array","items":{"$ref":"#/components/schemas/Key"}})",
           "At most one for a provider."},
};
// Typed clients send null for what they leave out.
constexpr std::array save_key{
    member{"apiKey", R"({"type":["string","null"],"minLength":1,"maxLength":4096,"writeOnly":true})",
           "The key, visible ASCII; white space around it is cut off. Either this or `sealedKey`.", false},
    member{"sealedKey", R"({"type":["string","null"],"contentEncoding":"base64"})",
           "The key in a libsodium sealed box.", false},
    member{"keyId", R"({"type":["string","null"]})",
           "The entry `sealedKey` was sealed for; with `sealedKey` only.", false},
    member{"hint", R"({"type":["string","null"],"maxLength":4})",
           "Last four characters to show; with `sealedKey` only.", false},
    member{"provider", R"({"anyOf":[{"$ref":"#/components/schemas/Provider"},{"type":"null"}]})",
           "Whose key it is; the default provider when absent.", false},
    member{"expiresAt", R"({"type":["string","null"],"format":"date-time"})",
           "From when on it must not be used any more.", false},
};
constexpr std::array removed{member{"removed", yes_or_no, "Whether there was one."}};
constexpr std::array public_key{
    member{"keyId", text, "To be sent with the box."},
    member{"publicKey", base64, "An X25519 public key, 32 bytes."},
    member{"algorithm", R"({"type":"string","const":"libsodium-sealed-box"})", "How to seal."},
};
constexpr std::array flow_request{member{"data", anything, "What the flow takes.", false}};
constexpr std::array flow_answer{member{"result", anything, "What the flow gave."}};
constexpr std::array health{
    member{"status", R"({"type":"string","enum":["live","ready","unready","draining"]})", "In a word."},
    member{"checks", R"({"type":"object","additionalProperties":{"type":"string"}})",
           "What was looked at, and how it is.", false},
};
constexpr std::array sign_in{
    member{"uid", R"({"type":"string","minLength":1,"maxLength":128})", "Who to be."},
    member{"tenant", R"({"type":["string","null"],"pattern":"^[A-Za-z0-9_-]{1,64}$"})",
           "Of which Identity Platform tenant; none when it is absent.", false}};
constexpr std::array token{
    member{"idToken", text, "The bearer token."},
    member{"expiresIn", R"({"type":"integer"})", "Its lifetime in seconds."},
};
constexpr std::array error_detail{
    member{"@type", R"({"type":"string","const":"type.googleapis.com/google.rpc.ErrorInfo"})",
           "Of the detail."},
    member{"reason", R"({"$ref":"#/components/schemas/Reason"})", "Which error it is, for programs."},
    member{"domain", R"({"type":"string","const":"byot"})", "Who named the reason."},
    member{"metadata", R"({"type":"object","additionalProperties":{"type":"string"}})", "Facts about it."},
};
constexpr std::array error_body{
    member{"code", R"({"type":"integer"})", "The HTTP status."},
    member{"status", text, "The google.rpc.Code that goes with it."},
    member{"message", text, "A sentence for a person."},
    member{"details", R"({"type":"array","items":{"$ref":"#/components/schemas/ErrorDetail"}})",
           "The reason is here."},
    member{"requestId", text, "To quote when asking for help; also in `x-request-id`."},
};
constexpr std::array error{
    member{"error", R"({"$ref":"#/components/schemas/ErrorBody"})", "What went wrong."}};

constexpr std::array all{
    shape{"Key", "A stored key, as its owner may see it.", key},
    shape{"KeyStatus", "All keys of one user.", key_status},
    shape{"SaveKey",
          "A key to store: `apiKey`, or `sealedKey` with `keyId`. A member that is null counts as absent.",
          save_key},
    shape{"Removed", "What removing did.", removed},
    shape{"PublicKey", "The newest keyring entry's public half.", public_key},
    shape{"FlowRequest", "A Genkit request.", flow_request},
    shape{"FlowAnswer", "A Genkit answer.", flow_answer},
    shape{"Health", "A probe's answer.", health},
    shape{"DevelopmentSignIn", "Who to sign in.", sign_in},
    shape{"DevelopmentToken", "A development identity.", token},
    shape{"Error", "Every answer of this service that is no success.", error},
    shape{"ErrorBody", "The error.", error_body},
    shape{"ErrorDetail", "google.rpc.ErrorInfo.", error_detail},
};

} // namespace

std::span<const shape> shapes() noexcept {
    return all;
}

} // namespace byot::api::openapi
