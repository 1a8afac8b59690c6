#include "api/openapi_schemas.hpp"

#include "api/openapi_shapes.hpp"
#include "core/failure.hpp"
#include "core/provider_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>

namespace byot::api::openapi {
namespace {

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
    for (const auto& each : shapes()) schemas[each.name] = make_object(each);
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
