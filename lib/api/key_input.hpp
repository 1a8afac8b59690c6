#pragma once

#include "api/routes.hpp"
#include "core/failure.hpp"
#include "core/secret.hpp"
#include "http/request_head.hpp"
#include "vault/vault.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a request about keys says: its query, its fields and its body.
namespace byot::api {

/// One parameter of a query, decoded.
struct parameter {
    std::string name;
    std::string value; ///< empty without '=' too
};

/// The query's parameters in order (application/x-www-form-urlencoded); nothing between two '&' is none.
/// Failure: `field_invalid` when a percent-encoding is malformed.
result<std::vector<parameter>> read_query(std::string_view query);

/// The decoded value of a query's parameter, or nothing when it is absent.
/// Failure: `field_invalid` when it is there twice or its percent-encoding is malformed.
result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name);

/// Whether the endpoint is about the caller's keys: there a default decides whose key is written or removed,
/// so that nothing that was said is passed over.
bool is_about_keys(endpoint what) noexcept;

/// Refuses what a key endpoint would not read: a query parameter other than `provider` where it is taken, and
/// the field x-byot-provider, which is a flow's.
/// Failure: `field_invalid` with metadata "field", which says what to write instead.
result<void> check_key_input(endpoint what, const http::request_head& head, std::string_view query);

/// That this key endpoint takes no body, and what to write instead.
failure unexpected_body(endpoint what);

/// What POST /api/key was given.
struct key_body {
    vault::save_request request;         ///< without its provider
    std::optional<std::string> provider; ///< as given
};

/// Reads {"apiKey"} or {"sealedKey","keyId","hint"?}, with optional "provider" and "expiresAt"; a member
/// that is null is absent. The key goes from locked memory to locked memory. Failures: `body_invalid` (no
/// JSON object), `field_invalid` with metadata "field" (a member missing, of the wrong kind, twice, unknown,
/// or not what it says).
result<key_body> read_key_body(const secret& json);

} // namespace byot::api
