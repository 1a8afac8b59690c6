#pragma once

#include "http/response.hpp"
#include "providers/verdict.hpp"
#include "vault/key_record.hpp"

#include <optional>
#include <span>
#include <string>

namespace byot::api {

/// 200 with a JSON text that may be seen by anybody.
http::response json_answer(std::string json);
/// 200 with a JSON text about keys or identities: never stored by a cache.
http::response private_answer(std::string json);

/// The key object, as the document's schema Key has it.
std::string key_object(const vault::key_record& record, wall_time now);
/// {"hasKey","keys"}, the schema KeyStatus.
std::string key_status_object(std::span<const vault::key_record> records, wall_time now);

/// The state of a key of which its provider has said this; `before` when it has said nothing.
vault::key_state state_after(providers::verdict said, vault::key_state before) noexcept;

/// The key object, with `x-byot-key-check` for what was said of this very credential.
http::response checked_key_answer(const vault::key_record& record, std::optional<providers::verdict> said,
                                  wall_time now);

} // namespace byot::api
