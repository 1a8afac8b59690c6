#pragma once

#include "http/response_head.hpp"

#include <string_view>

namespace byot::relay {

/// What an answer is, as far as its head and its first content tell.
struct answer_kind {
    std::string_view content_type; ///< to send; empty: none
    bool is_event_stream = false;  ///< intermediaries must let each event through at once
    bool is_followed = false;      ///< and its events can be read: it is not cut short without a word
};

/// An answer is an event stream by its label, or when one was asked for and it is what Genkit's servers send
/// then: 200, in no content coding, without a label, or labelled text/plain (Express) or text/html (Flask)
/// and beginning as an event stream does. Such a label is put right. `content` is what has come of the body.
answer_kind kind_of_answer(const http::response_head& upstream, bool asked_for_stream,
                           std::string_view content);

/// Whether the first content is needed to tell and has not come, `bytes` being what is behind the head: a
/// text of some length, or in HTML, may be a stream by another label. Plain text without a length is not
/// waited for: the head of a stream may come long before its first event.
bool is_content_due(const http::response_head& upstream, bool asked_for_stream,
                    std::string_view bytes) noexcept;

/// The first content of a body in the bytes behind its head, or nothing when none has come.
std::string_view first_content(http::body_framing body, std::string_view bytes) noexcept;

} // namespace byot::relay
