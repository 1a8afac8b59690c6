#pragma once

#include "http/body_writer.hpp"
#include "relay/event_tracker.hpp"

#include <cstddef>
#include <string_view>

namespace byot::relay {

/// What one look at the bytes of a body gave to pass on.
struct forwarded {
    std::size_t used = 0;       ///< bytes of the input that are done with
    std::string_view bytes;     ///< to send, with what the writer held before
    std::size_t content = 0;    ///< bytes of content among them
    bool was_completed = false; ///< a stream of Genkit's ended without a result, and was given an error
    bool is_finished = false;   ///< the body ended
    bool is_malformed = false;  ///< nothing after `bytes` can be trusted
};

/// Passes body bytes on as `http::body_writer` does, so that a stream can be ended properly at any moment.
/// `tracker`, which may be null, follows the content; a stream of Genkit's that ends in order, but without a
/// result or an error, is given an error, since its client would wait for ever.
forwarded forward_body(http::body_framing& body, std::string_view input, http::body_writer& out,
                       event_tracker* tracker);

/// What such a stream's client is told.
inline constexpr std::string_view ended_without_result = "The AI service ended the stream without a result.";

} // namespace byot::relay
