#pragma once

#include "api/routes.hpp"

#include <optional>
#include <string>
#include <vector>

namespace byot::api {

/// What the document says about one deployment.
struct openapi_options {
    std::vector<std::string> providers; ///< accepted ones, the first is the default; at least one
    std::string server_url; ///< what the paths are relative to; empty: where the document came from
    std::string version;    ///< of the program, for `info`
    served by;              ///< the routes it lists
    /// Instead of the document of the service, the template of Google's API Gateway before it.
    bool is_gateway_template = false;
    /// Gateway only: requests a minute of one client project. Google tells projects apart by API key, so
    /// with a quota every call needs `x-api-key` beside its bearer token.
    std::optional<unsigned> gateway_quota;
};

/// The OpenAPI 3.1 document as JSON, made from the route table, the error table and the descriptions in the
/// `openapi_*` files. `x-byot-reasons` at its root is the error table, and on an operation the names of those
/// it can answer.
///
/// As a gateway template: OpenAPI 2.0 with Google's extensions, for Terraform's `templatefile` with the
/// variables `keys_url`, `ai_url` (the two services) and `project` (Firebase's). The gateway passes the
/// Authorization field through, since the services verify it themselves.
std::string openapi_document(const openapi_options& options);

} // namespace byot::api
