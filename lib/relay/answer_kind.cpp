#include "relay/answer_kind.hpp"

#include "http/characters.hpp"
#include "relay/event_reader.hpp"

#include <cstdint>

namespace byot::relay {
namespace {

constexpr std::string_view event_stream = "text/event-stream";

/// The media type without parameters.
std::string_view media_type(std::string_view content_type) noexcept {
    return http::trim_blanks(content_type.substr(0, content_type.find(';')));
}

/// What else Genkit's servers call a stream.
enum class other_label : std::uint8_t { none, plain, html };

other_label other_label_of(const http::response_head& upstream, bool asked_for_stream) noexcept {
    if (!asked_for_stream || upstream.status != 200 || upstream.is_coded) return other_label::none;
    const auto type = media_type(upstream.content_type);
    if (http::equals_lower(type, "text/plain")) return other_label::plain;
    return http::equals_lower(type, "text/html") ? other_label::html : other_label::none;
}

/// Whether the first line is one of an event stream, as far as it has come.
bool begins_with_event(std::string_view content) noexcept {
    event_reader reader;
    reader.feed(content);
    for (;;) {
        const auto token = reader.next();
        if (token.what == event_token::kind::event_end) continue;
        if (token.what != event_token::kind::need_more) return token.field != event_field::unknown;
        return !reader.is_in_line() || reader.field_so_far() != event_field::unknown;
    }
}

/// To the first content, or to what stands in its place.
http::framing_step first_step(http::body_framing& body, std::string_view bytes) noexcept {
    if (body.is_finished()) return {};
    return body.next(bytes);
}

} // namespace

answer_kind kind_of_answer(const http::response_head& upstream, bool asked_for_stream,
                           std::string_view content) {
    answer_kind kind{upstream.content_type, false, false};
    const auto label = other_label_of(upstream, asked_for_stream);
    const bool is_undecided = content.empty() && label == other_label::html; // a page of nothing
    if (label != other_label::none && !is_undecided && begins_with_event(content)) {
        kind.content_type = event_stream;
    }
    const auto type = media_type(kind.content_type);
    const bool is_unlabelled =
        type.empty() && asked_for_stream && upstream.status == 200 && !upstream.is_coded;
    kind.is_event_stream = is_unlabelled || http::equals_lower(type, event_stream);
    kind.is_followed = kind.is_event_stream && upstream.status == 200 && !upstream.is_coded;
    return kind;
}

bool is_content_due(const http::response_head& upstream, bool asked_for_stream,
                    std::string_view bytes) noexcept {
    const auto label = other_label_of(upstream, asked_for_stream);
    if (label == other_label::none) return false;
    if (label == other_label::plain && !upstream.body.length()) return false;
    auto body = upstream.body;
    return !body.is_finished() && first_step(body, bytes).what == http::framing_step::kind::need_more;
}

std::string_view first_content(http::body_framing body, std::string_view bytes) noexcept {
    return first_step(body, bytes).content;
}

} // namespace byot::relay
