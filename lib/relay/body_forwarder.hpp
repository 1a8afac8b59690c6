#pragma once

#include "http/body_framing.hpp"
#include "relay/event_tracker.hpp"
#include "relay/flat_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::relay {

/// How a body leaves.
enum class outgoing : std::uint8_t {
    as_it_came, ///< chunked stays chunked, a length stays a length
    chunked,    ///< whatever it came in: a stream's length would leave no room for an error at its end
    plain,      ///< only the content: chunked to an HTTP/1.0 client, or a body that ends with the connection
};

/// What one look at the bytes of a body gave to pass on.
struct forwarded {
    std::size_t used = 0;       ///< bytes of the input that are done with
    std::string_view bytes;     ///< to send: a part of the input, or what `out` holds
    std::size_t content = 0;    ///< bytes of content among them
    bool was_completed = false; ///< a stream of Genkit's ended without a result, and was given an error
    bool is_finished = false;   ///< the body ended
    bool is_malformed = false;  ///< nothing after `bytes` can be trusted
};

/// Passes body bytes on without re-encoding them: whole chunks go as they are. A chunk of which only a part
/// has come goes as a chunk of its own, so that no more is promised to the receiver than has been sent and a
/// stream can be ended properly at any moment. Trailers are dropped. When `out` is empty and all of the input
/// can go as it is, nothing is copied; else the bytes are put behind what `out` holds. `tracker` may be null.
/// Precondition: `out` has room for the input and 1 KiB.
forwarded forward_body(http::body_framing& body, std::string_view input, outgoing how, flat_buffer& out,
                       event_tracker* tracker);

/// How long the content is, when all that is left of the body is among `bytes`.
std::optional<std::uint64_t> length_if_whole(http::body_framing body, std::string_view bytes) noexcept;

/// Appends `content` as one chunk (RFC 9112 §7.1). Precondition: it fits.
void append_chunk(flat_buffer& out, std::string_view content);

inline constexpr std::string_view ended_without_result = "The AI service ended the stream without a result.";

/// The chunk that ends a body without trailers.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace byot::relay
