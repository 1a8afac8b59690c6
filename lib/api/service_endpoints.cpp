// Health, pages and what only `byot dev` has.
#include "api/application.hpp"
#include "api/json_answers.hpp"
#include "auth/development_issuer.hpp"
#include "core/json.hpp"

namespace byot::api {
namespace {

void append_check(std::string& json, std::string_view name, std::string_view state) {
    json += json.ends_with('{') ? "\"" : ",\"";
    json.append(name).append("\":\"").append(state).append("\"");
}

} // namespace

task<result<http::response>> application::ready(const http::exchange& exchange) {
    if (exchange.is_draining()) { // whatever the store says: send new clients elsewhere
        auto answer = private_answer(R"({"status":"draining"})");
        answer.status = 503;
        co_return answer;
    }
    const auto seen = co_await parts_.look_at_readiness();
    const bool is_ready = seen.store && seen.certificates;
    std::string json = is_ready ? R"({"status":"ready","checks":{)" : R"({"status":"unready","checks":{)";
    append_check(json, "store", seen.store ? "ok" : "unavailable");
    append_check(json, "keyring", "ok"); // nothing starts without one
    append_check(json, "certificates", seen.certificates ? "ok" : "unavailable");
    if (seen.upstream) append_check(json, "upstream", *seen.upstream ? "reachable" : "unreachable");
    json += "}}";
    auto answer = private_answer(std::move(json));
    answer.status = is_ready ? 200 : 503;
    co_return answer;
}

result<http::response> application::find_page(std::string_view path, std::string_view policy) const {
    for (const auto& page : settings_->pages) {
        if (page.path != path) continue;
        http::response answer(200, std::string(page.body));
        answer.content_type = page.content_type;
        answer.fields.emplace_back("Content-Security-Policy", policy);
        answer.fields.emplace_back("Cache-Control", "no-cache");
        answer.fields.emplace_back("ETag", page.etag);
        answer.fields.emplace_back("Referrer-Policy", "no-referrer");
        return answer;
    }
    return failure(reason::route_unknown);
}

task<result<http::response>> application::development_token(http::exchange& exchange) {
    const auto body = co_await exchange.read_body(settings_->max_key_body);
    if (body.has_error()) co_return body.error();
    const auto object = parse_json_object(body.value().expose());
    if (!object) co_return failure(reason::body_invalid);
    const auto uid = string_member(*object, "uid");
    if (!uid) co_return failure(reason::field_invalid, "The body has no uid.").with("field", "uid");
    const bool names_tenant = object->contains("tenant") && !object->at("tenant").is_null();
    const auto tenant = string_member(*object, "tenant");
    if (names_tenant && (!tenant || tenant->empty() || tenant->size() > user_id::longest_tenant)) {
        co_return failure(reason::field_invalid, "tenant is no tenant's id.").with("field", "tenant");
    }
    const auto who = user_id::in_tenant(tenant.value_or(""), *uid);
    const auto token = settings_->issuer->issue(who, wall_now());
    if (token.has_error()) co_return token.error();
    std::string json = "{\"idToken\":";
    append_json_string(json, token.value());
    json += ",\"expiresIn\":" + std::to_string(auth::development_issuer::lifetime.count()) + "}";
    co_return private_answer(std::move(json));
}

} // namespace byot::api
