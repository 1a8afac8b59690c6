#pragma once

#include "api/routes.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace byot::api {

/// Google's API Gateway in front of the two services.
struct gateway_options {
    /// The services are private: the gateway identifies itself to them in Authorization, and the user's token
    /// comes in X-Forwarded-Authorization (BYOT_TOKEN_FIELD). False: they are public, and Authorization
    /// passes.
    bool identifies_itself = true;
    /// The gateway looks at users' tokens as well. False: the services alone do.
    bool checks_users = true;
    /// Wall-clock bound on a flow's whole answer, streams included; from `shortest_deadline` to
    /// `longest_deadline`. It should not be under BYOT_REQUEST_TIMEOUT, whose default it is.
    std::chrono::seconds deadline{900};
    /// Requests a minute of one client project. Google tells projects apart by API key, so with a quota every
    /// call needs `x-api-key` beside its bearer token.
    std::optional<unsigned> quota;

    static constexpr std::chrono::seconds shortest_deadline{1};
    static constexpr std::chrono::seconds longest_deadline{3600}; ///< Google's
};

/// What the document says about one deployment.
struct openapi_options {
    std::vector<std::string> providers; ///< accepted ones, the first is the default; at least one
    std::string server_url; ///< what the paths are relative to; empty: where the document came from
    std::string version;    ///< of the program, for `info`
    served by;              ///< the routes it lists
    /// Instead of the document of the service, the template of Google's API Gateway before it.
    std::optional<gateway_options> gateway;
};

/// The OpenAPI 3.1 document as JSON, made from the route table, the error table and the descriptions in the
/// `openapi_*` files. `x-byot-reasons` at its root is the error table, and on an operation the names of those
/// it can answer.
///
/// As a gateway template: OpenAPI 2.0 with Google's extensions, for Terraform's `templatefile` with the
/// variables `keys_url`, `ai_url` (the two services) and `project` (Firebase's). The services verify users'
/// tokens themselves in any case.
std::string openapi_document(const openapi_options& options);

} // namespace byot::api
