#include "auth/revocation.hpp"

#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <charconv>
#include <optional>

namespace byot::auth {
namespace {

failure unclear() {
    return {reason::identity_unavailable, "Firebase's answer about the session could not be understood."};
}

failure revoked(const char* sentence) {
    return {reason::token_revoked, sentence};
}

/// int64 as the API writes it: a string of digits; a number is taken too.
std::optional<std::int64_t> seconds_of(const boost::json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (!value.is_string()) return std::nullopt;
    const std::string_view text = value.get_string();
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return seconds;
}

result<void> check_valid_since(const boost::json::object& user, const identity& who) {
    const auto* const value = user.if_contains("validSince");
    if (!value) return {};
    const auto since = seconds_of(*value);
    if (!since) return unclear();
    const auto signed_in = std::chrono::floor<std::chrono::seconds>(who.signed_in_at).time_since_epoch();
    if (*since <= signed_in.count()) return {};
    return revoked("The user's sessions were revoked after this sign-in; sign in again.");
}

result<void> check_user(const boost::json::object& user, const identity& who) {
    if (string_member(user, "localId") != who.user.uid()) return unclear();
    if (user.contains("tenantId") && string_member(user, "tenantId") != who.user.tenant()) return unclear();
    if (const auto* const disabled = user.if_contains("disabled")) {
        if (!disabled->is_bool()) return unclear();
        if (disabled->get_bool()) return revoked("The user's account is disabled.");
    }
    return check_valid_since(user, who);
}

failure unavailable() {
    return {reason::identity_unavailable, "Whether the session was revoked cannot be asked at the moment."};
}

std::string lookup_body(std::string_view uid) {
    std::string body = R"({"localId":[)";
    append_json_string(body, uid);
    body += "]}";
    return body;
}

} // namespace

result<void> check_refused_lookup(std::string_view json) {
    const auto answer = parse_json_object(json);
    const auto* const error = answer ? answer->if_contains("error") : nullptr;
    const bool is_tenant_gone =
        error && error->is_object() && string_member(error->get_object(), "message") == "TENANT_NOT_FOUND";
    if (!is_tenant_gone) return unclear();
    return revoked("The user's tenant does not exist any more.");
}

result<void> check_lookup(std::string_view json, const identity& who) {
    const auto answer = parse_json_object(json);
    if (!answer) return unclear();
    const auto* const users = answer->if_contains("users");
    if (!users) {
        // An account that does not exist is answered by the kind alone; an error would have another shape.
        if (answer->contains("error")) return unclear();
        return revoked("The user's account does not exist any more.");
    }
    if (!users->is_array()) return unclear();
    const auto& list = users->get_array();
    if (list.empty()) return revoked("The user's account does not exist any more.");
    if (list.size() != 1 || !list.front().is_object()) return unclear();
    return check_user(list.front().get_object(), who);
}

revocation_check::revocation_check(net::connection_pool& pool, url identity_url, std::string_view project,
                                   access_token token)
    : pool_(pool), address_(std::move(identity_url)), token_(std::move(token)) {
    address_.path.append("/v1/projects/").append(project);
}

/// An account of a tenant is looked up in its tenant; a look-up in the project knows only those of none.
url revocation_check::address_of_lookup(const user_id& who) const {
    auto address = address_;
    if (!who.tenant().empty()) address.path.append("/tenants/").append(who.tenant());
    address.path += "/accounts:lookup";
    return address;
}

task<result<void>> revocation_check::check(const identity& who, steady_time limit) {
    const auto token = co_await token_();
    if (!token) co_return unavailable();
    http::client_request request;
    request.method = "POST";
    request.address = address_of_lookup(who.user);
    request.secret_fields.push_back({"authorization", "Bearer ", *token});
    request.fields.emplace_back("content-type", "application/json");
    request.body = lookup_body(who.user.uid());
    request.limit = limit;
    const auto answer = co_await http::fetch(pool_, std::move(request));
    if (!answer) co_return unavailable();
    if (answer->status != 200) {
        const auto said = check_refused_lookup(answer->body);
        if (said.error().why() == reason::token_revoked) co_return said;
        co_return unavailable();
    }
    co_return check_lookup(answer->body, who);
}

} // namespace byot::auth
