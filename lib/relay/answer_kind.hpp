#pragma once

#include "http/response_head.hpp"

#include <string_view>

namespace byot::relay {

/// Whether an Accept field (RFC 9110 §12.5.1) names text/event-stream itself, in any
/// case, with any parameters, and not with a weight of zero. A wildcard asks for nothing in particular.
bool accepts_event_stream(std::string_view accept) noexcept;

/// Whether a query asks Genkit's servers for a stream: a parameter whose name is exactly `stream` and whose
/// value is exactly `true`, both once decoded (application/x-www-form-urlencoded).
bool query_asks_for_stream(std::string_view query) noexcept;

/// What an answer is, as far as its head and its first content tell.
struct answer_kind {
    std::string_view content_type; ///< to send; empty: none
    bool is_event_stream = false;  ///< intermediaries must let each event through at once
    bool is_followed = false;      ///< and its events can be read: it is not cut short without a word
};

/// An answer is an event stream by its label, or when one was asked for and it is what Genkit's servers send
/// then: 200, in no content coding, without a label, or labelled text/plain (Express) or text/html (Flask)
/// and beginning as an event stream does: with a line of an event, behind comments and other lines without
/// data, or with such lines up to an empty one when more follows. Such a label is put right. `bytes` is what
/// has come behind the head.
answer_kind kind_of_answer(const http::response_head& upstream, bool asked_for_stream,
                           std::string_view bytes);

/// Whether more is needed to tell, `bytes` being what is behind the head: a text may be a stream by another
/// label. Plain text without a length is not waited for when nothing has come of it: the head of a stream
/// may come long before its first event.
bool is_content_due(const http::response_head& upstream, bool asked_for_stream,
                    std::string_view bytes) noexcept;

} // namespace byot::relay
