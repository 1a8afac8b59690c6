#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "google/credentials.hpp"
#include "http/client.hpp"

#include <string_view>

namespace byot::google {

/// The request for a token; its limit is left to the caller, who hands it to `http::fetch`, which wipes it.
/// An empty audience asks for an access token of scope cloud-platform, another for an identity token.
///
///     service account   POST token_uri, JWT-bearer grant (RFC 7523 §2.1)
///     user              POST token_uri, refresh_token grant (RFC 6749 §6); no identity tokens
///     metadata server   GET …/service-accounts/default/token or …/identity
///                       (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys)
///
/// Failure: `identity_unavailable` when these credentials cannot be used for it.
result<http::client_request> make_token_request(const credentials& with, std::string_view audience,
                                                wall_time now);

} // namespace byot::google
