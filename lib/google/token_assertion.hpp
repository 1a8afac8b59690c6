#pragma once

#include "core/clock.hpp"
#include "google/credentials.hpp"

#include <optional>
#include <string_view>

namespace byot::google {

/// What an access token is good for; IAM decides which of Google's APIs the account may use.
constexpr std::string_view cloud_platform = "https://www.googleapis.com/auth/cloud-platform";

/// The signed JWT that a service account's tokens are asked with (RFC 7523 §3;
/// https://developers.google.com/identity/protocols/oauth2/service-account), valid for an hour from `now`:
/// for an access token, or with an audience for an identity token for it. Nothing when the key cannot sign.
std::optional<secret> make_assertion(const service_account& account, std::string_view audience,
                                     wall_time now);

} // namespace byot::google
