#pragma once

#include "core/failure.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace byot::api {

enum class endpoint : std::uint8_t {
    save_key,
    remove_key,
    key_status,
    check_key,
    public_key,
    ask_flow,
    live,
    ready,
    openapi,
    docs_page,
    console_page,
    page_asset,
    development_token,
    development_certificates,
};

/// Which roles serve a route (BYOT_ROLE), and whether only `byot dev` does.
enum class audience : std::uint8_t { every_role, keys_role, ai_role, development };

/// How much body a route takes: none, BYOT_MAX_KEY_BODY or BYOT_MAX_AI_BODY.
enum class body_limit : std::uint8_t { none, key, ai };

/// One row of the route table.
struct route {
    std::string_view method;  ///< GET also answers HEAD
    std::string_view pattern; ///< a path, or with a last segment {path} that stands for one or more
    endpoint what;
    audience served_by;
    bool needs_identity;
    body_limit takes;
    std::string_view name; ///< for metrics and the OpenAPI document's operationId
};

/// Every route, the first thing to read.
inline constexpr route route_table[] = {
    // method, pattern, endpoint, served by, identity, body, name
    {"POST", "/api/key", endpoint::save_key, audience::keys_role, true, body_limit::key, "saveKey"},
    {"DELETE", "/api/key", endpoint::remove_key, audience::keys_role, true, body_limit::none, "removeKey"},
    {"GET", "/api/key/status", endpoint::key_status, audience::keys_role, true, body_limit::none,
     "keyStatus"},
    {"GET", "/api/key/public-key", endpoint::public_key, audience::keys_role, true, body_limit::none,
     "publicKey"},
    // The ai role's, although it is about a key: asking the provider takes the opened key, which only that
    // role has.
    {"POST", "/api/key/check", endpoint::check_key, audience::ai_role, true, body_limit::none, "checkKey"},
    {"POST", "/api/ai/{path}", endpoint::ask_flow, audience::ai_role, true, body_limit::ai, "askFlow"},
    {"GET", "/health/live", endpoint::live, audience::every_role, false, body_limit::none, "live"},
    {"GET", "/health/ready", endpoint::ready, audience::every_role, false, body_limit::none, "ready"},
    {"GET", "/openapi.json", endpoint::openapi, audience::every_role, false, body_limit::none, "openapi"},
    {"GET", "/docs", endpoint::docs_page, audience::every_role, false, body_limit::none, "docs"},
    {"GET", "/", endpoint::console_page, audience::every_role, false, body_limit::none, "console"},
    {"GET", "/assets/{path}", endpoint::page_asset, audience::every_role, false, body_limit::none, "asset"},
    {"POST", "/dev/token", endpoint::development_token, audience::development, false, body_limit::key,
     "devToken"},
    {"GET", "/dev/certificates", endpoint::development_certificates, audience::development, false,
     body_limit::none, "devCertificates"},
};

/// Which audiences a server has.
struct served {
    bool keys = true;
    bool ai = true;
    bool development = false;
};

/// Whether the server serves this route.
bool is_served(const route& row, served by) noexcept;

/// Whether its requests count for the limit of an address. Probes do not: they come often, and all from one
/// address, and an instance must not be taken for dead because it is asked.
bool is_limited(endpoint what) noexcept;

/// The route for a method and an encoded path; HEAD finds GET's. `rest` is what {path} stands for.
/// Failures: `route_unknown`; `method_not_allowed` with `allow` in its metadata.
struct route_match {
    const route* row = nullptr;
    std::string_view rest;
};
result<route_match> find_route(std::string_view method, std::string_view path, served by);

/// The methods a path takes, as an Allow field lists them ("GET, HEAD, OPTIONS"); empty when there is no such
/// path.
std::string allowed_methods(std::string_view path, served by);

} // namespace byot::api
