#include "auth/revocation.hpp"

#include "core/json.hpp"

namespace byot::auth {
namespace {

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

revocation_check::revocation_check(net::connection_pool& pool, http::url identity_url,
                                   std::string_view project, access_token token)
    : pool_(pool), address_(std::move(identity_url)), token_(std::move(token)) {
    address_.path.append("/v1/projects/").append(project);
}

/// An account of a tenant is looked up in its tenant; a look-up in the project knows only those of none.
http::url revocation_check::address_of_lookup(const user_id& who) const {
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
