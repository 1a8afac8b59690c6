#include "api/openapi_components.hpp"

#include "core/provider_table.hpp"

#include <boost/json/parse.hpp>

#include <array>
#include <set>

namespace byot::api::openapi {
namespace {

/// One member of an object, and whether it is always there.
struct member {
    std::string_view name;
    std::string_view schema; ///< JSON text
    std::string_view meaning;
    bool is_required = true;
};

/// An object and its members.
struct shape {
    std::string_view name;
    std::string_view meaning;
    std::span<const member> members;
};

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

constexpr std::array shapes{
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

boost::json::object make_object(const shape& of) {
    boost::json::object properties;
    boost::json::array required;
    for (const auto& each : of.members) {
        auto schema = boost::json::parse(each.schema).as_object();
        schema["description"] = each.meaning;
        properties[each.name] = std::move(schema);
        if (each.is_required) required.emplace_back(each.name);
    }
    boost::json::object made{
        {"type", "object"}, {"description", of.meaning}, {"properties", std::move(properties)}};
    if (!required.empty()) made["required"] = std::move(required);
    return made;
}

boost::json::object make_enumeration(std::string_view meaning, boost::json::array names) {
    return {{"type", "string"}, {"description", meaning}, {"enum", std::move(names)}};
}

boost::json::array reason_names() {
    boost::json::array names;
    for (const auto& row : reason_table()) names.emplace_back(row.name);
    return names;
}

/// What people read about each, and where they get its keys.
boost::json::array describe_providers(std::span<const std::string> names) {
    boost::json::array all;
    for (const auto& name : names) {
        const auto* const known = find_provider(name);
        if (!known) continue;
        all.push_back({{"name", known->name},
                       {"title", known->title},
                       {"keyUrl", known->key_page},
                       {"pattern", known->key_pattern}});
    }
    return all;
}

constexpr std::string_view schema_prefix = "#/components/schemas/";

/// Puts the names of the schemas that the value refers to into `names`.
void collect_references(const boost::json::value& in, std::set<std::string, std::less<>>& names) {
    if (const auto* array = in.if_array()) {
        for (const auto& each : *array) collect_references(each, names);
    }
    const auto* object = in.if_object();
    if (!object) return;
    for (const auto& [name, value] : *object) {
        if (name == "$ref" && std::string_view(value.as_string()).starts_with(schema_prefix)) {
            names.emplace(std::string_view(value.as_string()).substr(schema_prefix.size()));
        }
        collect_references(value, names);
    }
}

} // namespace

boost::json::object reference_to(std::string_view section, std::string_view name) {
    return {{"$ref", "#/components/" + std::string(section) + "/" + std::string(name)}};
}

boost::json::object make_schemas(std::span<const std::string> providers) {
    boost::json::object schemas;
    for (const auto& each : shapes) schemas[each.name] = make_object(each);
    schemas["SaveKey"].as_object()["oneOf"] =
        boost::json::parse(R"([{"required":["apiKey"],"properties":{"apiKey":{"type":"string"}}},
                               {"required":["sealedKey","keyId"],
                                "properties":{"sealedKey":{"type":"string"},"keyId":{"type":"string"}}}])");
    schemas["Provider"] = make_enumeration(
        "A provider that keys are taken for; the first is the default. `x-byot-providers` says more of each.",
        boost::json::array(providers.begin(), providers.end()));
    schemas["Provider"].as_object()["x-byot-providers"] = describe_providers(providers);
    schemas["KeyState"] = make_enumeration(
        "`unverified`: not tried, or its provider could not be asked. `verified`: its provider took it. "
        "`rejected`: its provider refused it, or it is no possible key. "
        "`exhausted`: its provider says that its quota or credit is used up. `expired`: past `expiresAt`. "
        "`undecryptable`: it cannot be opened; store it again.",
        {"unverified", "verified", "rejected", "exhausted", "expired", "undecryptable"});
    schemas["Reason"] =
        make_enumeration("Which error it is; `x-byot-reasons` has the table.", reason_names());
    schemas["Document"] = {{"type", "object"}, {"description", "An OpenAPI document."}};
    schemas["Certificates"] = {{"type", "object"},
                               {"description", "X.509 certificates in PEM by key id."},
                               {"additionalProperties", {{"type", "string"}}}};
    return schemas;
}

boost::json::object only_used(const boost::json::object& schemas,
                              std::initializer_list<const boost::json::object*> users) {
    std::set<std::string, std::less<>> used;
    for (const auto* user : users) {
        for (const auto& [name, value] : *user) collect_references(value, used);
    }
    for (std::size_t before = 0; before != used.size();) {
        before = used.size();
        for (const auto& name : std::set(used)) collect_references(schemas.at(name), used);
    }
    boost::json::object kept;
    for (const auto& [name, schema] : schemas) {
        if (used.contains(std::string_view(name))) kept[name] = schema;
    }
    return kept;
}

} // namespace byot::api::openapi
