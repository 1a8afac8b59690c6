#pragma once

#include "core/user_id.hpp"
#include "http/rate_limit_fields.hpp"
#include "http/response_head.hpp"
#include "http/response_stream.hpp"
#include "vault/key_record.hpp"
#include "vault/live_keyring.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace byot::relay {

/// Which answers a field of the upstream's goes on with.
enum class passes : std::uint8_t {
    always,
    never,
    with_new_address, ///< 201 and 3xx
    with_method,      ///< 405
    with_range,       ///< 206 and 416
    with_media_type,  ///< 415
};

/// One row of the table of the upstream's fields.
struct answer_field {
    std::string_view name; ///< in lower case
    passes when;
    std::string_view why;
};

/// Every field that a server is known to send, in no order that matters. What is not in it does not pass, but
/// for x-genkit-*.
std::span<const answer_field> answer_fields() noexcept;

/// Whether a field of an answer of that status goes on to the client, its name in any case.
bool passes_to_client(std::string_view name, unsigned status) noexcept;

/// What this service says in an answer's head beside the upstream's fields (README, the contract with flows).
/// The views must outlive it.
struct answer_additions {
    const vault::live_keyring* keyring = nullptr; ///< signs stream ids
    const user_id* who = nullptr;
    std::string_view provider;
    std::string_view credential_id;
    std::string_view request_id;
    std::string_view carried;      ///< whole field lines (CORS)
    std::string_view content_type; ///< to send; empty: none
    bool is_event_stream = false;  ///< intermediaries are told to let each event through
    http::rate_limit_states rate_limits;
    wall_time date;
};

/// Writes the head of the answer that `to` has begun: the upstream's status and those of its fields that
/// pass, the receipt (which key paid) and the rest of the additions. False when it does not fit.
bool write_client_head(http::response_writer& to, const http::response_head& upstream,
                       const answer_additions& additions);

/// What the head of the answer says of the key; nothing when it says nothing.
std::optional<vault::key_state> told_key_state(const http::response_head& upstream);

} // namespace byot::relay
