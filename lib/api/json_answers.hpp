#pragma once

#include "http/response.hpp"
#include "vault/key_record.hpp"

#include <span>
#include <string>

namespace byot::api {

/// 200 with a JSON text that may be seen by anybody.
http::response json_answer(std::string json);
/// 200 with a JSON text about keys or identities: never stored by a cache.
http::response private_answer(std::string json);

/// The key object of DESIGN §1.3.
std::string key_object(const vault::key_record& record, wall_time now);
/// {"hasKey","keys"} of DESIGN §1.3.
std::string key_status_object(std::span<const vault::key_record> records, wall_time now);

} // namespace byot::api
