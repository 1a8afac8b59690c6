#pragma once

#include "api/routes.hpp"
#include "auth/revocation.hpp"
#include "auth/token_verifier.hpp"
#include "core/locked_memory.hpp"
#include "core/secret.hpp"
#include "core/user_id.hpp"
#include "http/cors.hpp"
#include "http/exchange.hpp"
#include "limits/admission.hpp"
#include "providers/key_check.hpp"
#include "relay/relay.hpp"
#include "vault/vault.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::auth {
class development_issuer;
}

namespace byot::api {

/// A file of the console or the docs reader.
struct page {
    std::string_view path;
    std::string_view content_type;
    std::string_view body;
    std::string_view etag;
};

/// What all reactors' applications have in common; immutable.
struct application_settings {
    served by;
    std::shared_ptr<const http::cors_policy> cors = std::make_shared<http::cors_policy>();
    std::vector<std::string> providers; ///< the first is the default
    std::size_t max_key_body = 0;       ///< BYOT_MAX_KEY_BODY, in bytes
    unsigned trusted_hops = 0;
    http::field token_field = http::field::authorization; ///< BYOT_TOKEN_FIELD
    bool tries_saved_keys = false;                        ///< BYOT_KEY_CHECK
    std::string openapi;                                  ///< the document, as served
    std::vector<page> pages;
    std::string_view content_security_policy;
    const auth::development_issuer* issuer = nullptr; ///< only in `byot dev`
};

/// What `GET /health/ready` looks at.
struct readiness {
    bool store = false;
    bool certificates = false;
    std::optional<bool> upstream; ///< nothing when this role has none
};

/// The parts of one reactor that its application uses.
struct application_parts {
    net::reactor& home;
    auth::token_verifier& verifier;
    vault::vault& vault;
    limits::admission& limits; ///< the process's
    relay::relay* relay;       ///< null for role keys
    providers::key_check& key_check;
    auth::revocation_check* revocation; ///< null when BYOT_REVOCATION_CHECK is off
    std::function<task<readiness>()> look_at_readiness;
    /// Null when the upstream wants no identity of this service.
    relay::upstream_identity* upstream_identity = nullptr;
};

/// A request that may go to its endpoint.
struct admitted_request {
    route_match match;
    wall_time signed_in_at; ///< of the identity, where the route needs one
};

/// Answers every request of one reactor, in this order: route, address limit, identity, user
/// limit, content coding, endpoint.
class application {
public:
    application(application_parts parts, std::shared_ptr<const application_settings> settings);

    task<void> answer(http::exchange& exchange);
    /// Frees memory that was kept for more requests at once than there are now.
    void free_spare() noexcept { key_slots_.free_spare(); }

private:
    /// What a provider said of a stored key. It may have been replaced since: then it was not of that key.
    struct tried_key {
        std::string credential_id;
        providers::verdict said = providers::verdict::unreachable;
    };

    // What comes before an endpoint; a failure is the answer.
    task<result<admitted_request>> admit(http::exchange& exchange);
    result<void> check_host(const http::exchange& exchange) const;
    result<void> check_token_field(http::exchange& exchange) const;
    result<void> limit_address(http::exchange& exchange);
    task<result<wall_time>> authenticate(http::exchange& exchange);
    task<void> answer_options(http::exchange& exchange);
    task<void> dispatch(http::exchange& exchange, admitted_request admitted);

    // Endpoints
    task<result<http::response>> save_key(http::exchange& exchange, wall_time signed_in_at);
    task<result<vault::save_request>> read_save_request(http::exchange& exchange);
    task<result<http::response>> remove_key(http::exchange& exchange, wall_time signed_in_at);
    task<result<http::response>> key_status(http::exchange& exchange);
    task<result<http::response>> public_key(http::exchange& exchange);
    task<result<http::response>> check_key(http::exchange& exchange);
    task<result<tried_key>> try_stored_key(const user_id& who, std::string_view provider);
    result<std::string_view> queried_provider(http::exchange& exchange) const;
    /// That no content comes; the head's views may die. Failure: `field_invalid`.
    task<result<void>> expect_no_body(http::exchange& exchange, endpoint what);
    /// Failures: `token_revoked`, `identity_unavailable`.
    task<result<void>> check_session(user_id who, wall_time signed_in_at);
    /// What the provider says of a key that is to be saved; nothing when it is not asked. Failure:
    /// `key_rejected_by_provider`.
    task<result<std::optional<providers::verdict>>> try_key(std::string_view provider,
                                                            std::string_view api_key);
    /// Failures: what the request's fields, the limits, the key and `relay::carry` fail with.
    task<result<void>> ask_flow(http::exchange& exchange, std::string_view path);
    relay::relay_request request_for(http::exchange& exchange, std::string_view path,
                                     std::string_view stream_id) const;
    task<result<http::response>> ready(const http::exchange& exchange);
    result<http::response> find_page(std::string_view path, std::string_view content_security_policy) const;
    task<result<http::response>> development_token(http::exchange& exchange);

    /// The provider named, or the default. Failure: `provider_unknown`.
    result<std::string_view> known_provider(std::optional<std::string_view> name) const;

    application_parts parts_;
    std::shared_ptr<const application_settings> settings_;
    locked_slots key_slots_{vault::vault::longest_key};
};

} // namespace byot::api
