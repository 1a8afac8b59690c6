#pragma once

#include "api/routes.hpp"
#include "core/failure.hpp"
#include "http/request_head.hpp"

#include <string_view>

namespace byot::api {

/// Whether the endpoint is about the caller's keys: there a default decides whose key is written or removed,
/// so that nothing that was said is passed over.
bool is_about_keys(endpoint what) noexcept;

/// Refuses what a key endpoint would not read: a query parameter other than `provider` where it is taken, and
/// the field x-byot-provider, which is a flow's.
/// Failure: `field_invalid` with metadata "field", which says what to write instead.
result<void> check_key_input(endpoint what, const http::request_head& head, std::string_view query);

/// That this key endpoint takes no body, and what to write instead.
failure unexpected_body(endpoint what);

} // namespace byot::api
