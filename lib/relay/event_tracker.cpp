#include "relay/event_tracker.hpp"

#include "core/json.hpp"

namespace byot::relay {
namespace {

/// What an event without a type is (WHATWG HTML §9.2.6).
constexpr std::string_view default_type = "message";
constexpr std::uint8_t other_type = 255;

} // namespace

void event_tracker::follow(std::string_view content) noexcept {
    if (is_finished_ || protocol_ == protocol::other) return;
    reader_.feed(content);
    for (;;) {
        const auto token = reader_.next();
        switch (token.what) {
        case event_token::kind::need_more:
            return;
        case event_token::kind::value:
            take_value(token);
            break;
        case event_token::kind::line_end:
            end_line(token.field);
            break;
        case event_token::kind::event_end:
            end_event();
            if (is_finished_ || protocol_ == protocol::other) return;
        }
    }
}

void event_tracker::take_value(const event_token& token) noexcept {
    if (token.field == event_field::data) {
        enter_line(payload::data);
        json_.feed(token.value);
    } else if (token.field == event_field::error && payload_ != payload::data) {
        enter_line(payload::error);
        json_.feed(token.value);
    } else if (token.field == event_field::event) {
        take_type(token.value);
    }
}

void event_tracker::take_type(std::string_view piece) noexcept {
    const bool is_default = type_size_ != other_type && default_type.substr(type_size_).starts_with(piece);
    type_size_ = is_default ? static_cast<std::uint8_t>(type_size_ + piece.size()) : other_type;
}

void event_tracker::end_line(event_field field) noexcept {
    if (field == event_field::data) {
        enter_line(payload::data); // a line without a value is one all the same
    } else if (field == event_field::event) {
        is_named_ = type_size_ != 0 && type_size_ != default_type.size(); // the last line counts
        type_size_ = 0;
    } else if (field == event_field::unknown) {
        has_foreign_line_ = true;
    }
    is_line_entered_ = false;
}

void event_tracker::enter_line(payload what) noexcept {
    if (is_line_entered_) return;
    is_line_entered_ = true;
    if (payload_ == what) {
        json_.break_line();
        return;
    }
    payload_ = what;
    json_.begin(what == payload::data ? event_json::kind::wrapped : event_json::kind::bare_error);
}

void event_tracker::end_event() noexcept {
    const auto what = payload_;
    const bool is_named = is_named_;
    payload_ = payload::none;
    is_named_ = false;
    if (what == payload::none) {
        has_foreign_line_ |= is_named;
        return;
    }
    const bool is_genkits = protocol_ == protocol::unknown ? begins_as_genkits(what, is_named)
                                                           : goes_on_as_genkits(what, is_named);
    protocol_ = is_genkits ? protocol::genkit : protocol::other;
    if (!is_genkits || !json_.is_whole()) return;
    is_finished_ = what == payload::error || json_.has_result() || json_.has_error();
}

bool event_tracker::has_any() const noexcept {
    return json_.has_message() || json_.has_result() || json_.has_error();
}

bool event_tracker::begins_as_genkits(payload what, bool is_named) const noexcept {
    if (!json_.is_whole()) return false;
    return what == payload::error || (has_any() && !is_named && !json_.has_other());
}

bool event_tracker::goes_on_as_genkits(payload what, bool is_named) const noexcept {
    if (!json_.is_object_begun()) return json_.is_blank();
    return what == payload::error || has_any() || (!is_named && !json_.has_foreign_mark());
}

bool event_tracker::is_whole_error() const noexcept {
    if (payload_ == payload::none || !json_.is_whole()) return false;
    return payload_ == payload::error || (json_.has_error() && !json_.has_result());
}

/// As long as no event has told: whether what has come can be the beginning of Genkit's first.
bool event_tracker::may_be_genkits() const noexcept {
    if (has_foreign_line_ || is_named_) return false;
    if (reader_.is_in_line()) {
        const auto field = reader_.field_so_far();
        if (field == event_field::unknown) return false;
        if (field == event_field::event && type_size_ == other_type) return false;
    }
    if (payload_ == payload::none) return true;
    if (json_.is_malformed()) return false;
    if (payload_ == payload::error) return true;
    return !json_.has_other() && !json_.is_in_other_name() && (has_any() || !json_.is_whole());
}

stream_state event_tracker::state() const noexcept {
    if (is_finished_) return stream_state::finished;
    if (protocol_ == protocol::other) return stream_state::not_genkits;
    if (protocol_ == protocol::unknown && !may_be_genkits()) return stream_state::not_genkits;
    return is_whole_error() ? stream_state::error_begun : stream_state::unfinished;
}

std::string event_tracker::closing(std::string_view message) const {
    switch (state()) {
    case stream_state::unfinished:
        return terminal_event(cut_status, message, rest_of_event());
    case stream_state::error_begun:
        return std::string(rest_of_event());
    case stream_state::finished:
    case stream_state::not_genkits:
        break;
    }
    return {};
}

std::optional<unsigned> event_tracker::failure() const noexcept {
    const auto now = state();
    const bool has_ended = now == stream_state::finished || now == stream_state::error_begun;
    if (!has_ended || json_.has_result()) return std::nullopt;
    return json_.error_status();
}

std::optional<vault::key_state> event_tracker::told_key_state() const noexcept {
    return failure() ? json_.key_state() : std::nullopt;
}

std::string terminal_event(std::string_view status, std::string_view message, std::string_view rest) {
    std::string event(rest);
    event += "data: {\"error\":{\"status\":";
    append_json_string(event, status);
    event += ",\"message\":";
    append_json_string(event, message);
    event += "}}\n\n";
    return event;
}

} // namespace byot::relay
