#pragma once

#include "http/response_head.hpp"
#include "vault/key_record.hpp"

#include <optional>
#include <string_view>

namespace byot::relay {

/// By what name a flow says that its provider refused the key: a field of its answer, or a member of the
/// `details` of an error in a stream that had begun.
inline constexpr std::string_view key_state_name = "x-byot-key-state";

/// The states that a flow can tell, rejected and exhausted; nothing for any other text.
std::optional<vault::key_state> parse_told_state(std::string_view text) noexcept;

/// What the head of the answer says of the key.
std::optional<vault::key_state> told_key_state(const http::response_head& upstream);

} // namespace byot::relay
