#pragma once

#include "http/response.hpp"
#include "providers/verdict.hpp"
#include "vault/key_record.hpp"

#include <optional>

namespace byot::api {

/// The state of a key of which its provider has said this; `before` when it has said nothing.
vault::key_state state_after(providers::verdict said, vault::key_state before) noexcept;

/// The key object, with `x-byot-key-check` for what was said of this very credential.
http::response checked_key_answer(const vault::key_record& record, std::optional<providers::verdict> said,
                                  wall_time now);

} // namespace byot::api
