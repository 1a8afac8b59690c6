#pragma once

#include "api/routes.hpp"
#include "core/failure.hpp"
#include "http/check_head.hpp"
#include "limits/client_address.hpp"

#include <string>
#include <string_view>

namespace byot::api {

/// As metrics and the log call it; empty for none.
std::string_view name_of(limits::forwarding_fault fault) noexcept;

/// Whose request this is, by all lines of its X-Forwarded-For (`limits::client_address`).
limits::client client_of(const http::request_head& head, std::string_view peer, unsigned trusted_hops);

/// What its caller is told of that (`x-byot-client-address`), by `address`, which came of it.
std::string account_of_client(const http::request_head& head, std::string_view address,
                              unsigned trusted_hops);

/// Nothing here or behind this service decodes a body (RFC 9110 §8.4), so one that is in a content coding is
/// refused. "identity" is no coding (§12.5.3), and content of GET says nothing (§9.3.1). Failure:
/// `media_type_unsupported` with `acceptEncoding`.
result<void> check_content_coding(const http::request_head& head, const http::checked_head& checked,
                                  const route& row);

} // namespace byot::api
