#pragma once

#include "core/user_id.hpp"
#include "http/response_head.hpp"
#include "relay/flat_buffer.hpp"
#include "vault/live_keyring.hpp"

#include <cstdint>
#include <string_view>

namespace byot::relay {

/// How the answer's body is framed towards the client.
enum class answer_framing : std::uint8_t { none, length, chunked, until_close };

/// What this service says in an answer's head beside the upstream's fields (DESIGN §1.4).
struct answer_additions {
    const vault::live_keyring* keyring = nullptr; ///< signs stream ids
    const user_id* who = nullptr;
    std::string_view provider;
    std::string_view credential_id;
    std::string_view request_id;
    std::string_view carried;      ///< whole field lines (CORS)
    std::string_view rate_limits;  ///< whole field lines
    std::string_view content_type; ///< to send; empty: none
    answer_framing framing = answer_framing::none;
    std::uint64_t length = 0;
    bool keeps_alive = true;
    bool is_event_stream = false; ///< intermediaries are told to let each event through
    wall_time date;
};

/// Writes the head of the answer: the upstream's status and those of its fields that pass (`answer_fields`),
/// the receipt and the rest of the additions. False when it does not fit.
bool write_client_head(flat_buffer& out, const http::response_head& upstream,
                       const answer_additions& additions);

} // namespace byot::relay
