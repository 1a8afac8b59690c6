#include "relay/event_json.hpp"

#include "core/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace byot::relay {
namespace {

constexpr unsigned unknown_status = 500;

/// JSON's white space (RFC 8259 §2).
bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// What numbers, true, false and null are made of. How they are spelled is not looked at.
bool is_scalar(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

bool begins_scalar(char c) noexcept {
    return (c >= '0' && c <= '9') || c == '-' || c == 't' || c == 'f' || c == 'n';
}

/// What google.rpc.Code stands for in HTTP, as Genkit's servers map it (499 for CANCELLED).
constexpr std::array rpc_statuses{
    std::pair{std::string_view("CANCELLED"), 499u},
    std::pair{std::string_view("UNKNOWN"), 500u},
    std::pair{std::string_view("INVALID_ARGUMENT"), 400u},
    std::pair{std::string_view("DEADLINE_EXCEEDED"), 504u},
    std::pair{std::string_view("NOT_FOUND"), 404u},
    std::pair{std::string_view("ALREADY_EXISTS"), 409u},
    std::pair{std::string_view("PERMISSION_DENIED"), 403u},
    std::pair{std::string_view("UNAUTHENTICATED"), 401u},
    std::pair{std::string_view("RESOURCE_EXHAUSTED"), 429u},
    std::pair{std::string_view("FAILED_PRECONDITION"), 400u},
    std::pair{std::string_view("ABORTED"), 409u},
    std::pair{std::string_view("OUT_OF_RANGE"), 400u},
    std::pair{std::string_view("UNIMPLEMENTED"), 501u},
    std::pair{std::string_view("INTERNAL"), 500u},
    std::pair{std::string_view("UNAVAILABLE"), 503u},
    std::pair{std::string_view("DATA_LOSS"), 500u},
};

/// Of a name that is none, and of OK, 500: an error that says so has failed all the same.
unsigned http_status_of(std::string_view rpc_status) noexcept {
    for (const auto& [name, http_status] : rpc_statuses) {
        if (name == rpc_status) return http_status;
    }
    return unknown_status;
}

} // namespace

std::optional<vault::key_state> parse_told_state(std::string_view text) noexcept {
    if (text == "rejected") return vault::key_state::rejected;
    if (text == "exhausted") return vault::key_state::exhausted;
    return std::nullopt;
}

void event_json::begin(kind what) noexcept {
    *this = event_json();
    kind_ = what;
}

void event_json::break_line() noexcept {
    // A string may hold no line feed as it is (RFC 8259 §7).
    if (text_use_ != text_use::none) state_ = state::malformed;
    if (state_ == state::scalar) state_ = state::value_end;
}

void event_json::feed(std::string_view piece) noexcept {
    while (!piece.empty() && state_ != state::malformed) {
        std::size_t used = 1;
        if (text_use_ == text_use::skipped) {
            used = skip_text(piece);
        } else if (text_use_ != text_use::none) {
            take_text(piece.front());
        } else {
            feed_one(piece.front());
        }
        piece.remove_prefix(used);
    }
}

void event_json::feed_one(char c) noexcept {
    if (state_ == state::skipping) return skip_structure(c);
    if (state_ == state::scalar && is_scalar(c)) return;
    if (state_ == state::scalar) state_ = state::value_end;
    if (!is_space(c)) take_structure(c);
}

void event_json::take_structure(char c) noexcept {
    const auto go_on_if = [this](bool is_right, state next) { state_ = is_right ? next : state::malformed; };
    switch (state_) {
    case state::text_start:
        path_[0] = level::top;
        depth_ = 1;
        is_object_begun_ = c == '{';
        return go_on_if(c == '{', state::name_or_end);
    case state::name_or_end:
        if (c == '}') return close(c);
        [[fallthrough]];
    case state::name_start:
        text_use_ = text_use::name;
        text_size_ = 0;
        return go_on_if(c == '"', state::colon);
    case state::colon:
        return go_on_if(c == ':', state::value_start);
    case state::value_or_end:
        if (c == ']') return close(c);
        [[fallthrough]];
    case state::value_start:
        return begin_value(c);
    case state::value_end:
        if (c == ',') {
            state_ = here() == level::details_list ? state::value_start : state::name_start;
            return;
        }
        return close(c);
    default:
        state_ = state::malformed;
    }
}

void event_json::begin_value(char c) noexcept {
    begin_member();
    if (here() == level::top && member_ == member::error) has_error_ = c != 'n';
    if (member_ >= member::type) note_foreign_mark(c);
    state_ = state::value_end;
    if (c == '"') {
        const bool is_asked_for = member_ == member::status || member_ == member::key_state;
        text_use_ = is_asked_for ? text_use::value : text_use::skipped;
        text_size_ = 0;
    } else if (c == '{' || c == '[') {
        begin_container(c);
    } else {
        state_ = begins_scalar(c) ? state::scalar : state::malformed;
    }
}

/// Of a name that is there twice the last counts.
void event_json::begin_member() noexcept {
    switch (member_) {
    case member::message:
        has_message_ = true;
        break;
    case member::result:
        has_result_ = true;
        break;
    case member::error:
    case member::status:
        status_ = unknown_status;
        break;
    case member::details:
    case member::key_state:
        break;
    case member::type:
    case member::jsonrpc:
    case member::choices:
    case member::candidates:
    case member::other:
        has_other_ |= here() == level::top;
        break;
    }
    if (member_ == member::error || member_ == member::details) key_state_.reset();
}

/// By the first character of the member's value.
void event_json::note_foreign_mark(char c) noexcept {
    const auto bit = 1u << (static_cast<unsigned>(member_) - static_cast<unsigned>(member::type));
    const bool is_mark = c == (member_ <= member::jsonrpc ? '"' : '[');
    foreign_marks_ = static_cast<std::uint8_t>(is_mark ? foreign_marks_ | bit : foreign_marks_ & ~bit);
}

void event_json::begin_container(char c) noexcept {
    if (const auto below = level_below(c)) {
        path_[depth_++] = *below;
        state_ = c == '{' ? state::name_or_end : state::value_or_end;
        member_ = member::other; // of a list's items
        return;
    }
    state_ = state::skipping;
    skipped_depth_ = 1;
}

std::optional<event_json::level> event_json::level_below(char bracket) const noexcept {
    if (here() == level::details_list && bracket == '{') return level::details_item;
    if (member_ == member::error && bracket == '{') return level::error;
    if (member_ != member::details) return std::nullopt;
    return bracket == '{' ? level::details : level::details_list;
}

void event_json::close(char c) noexcept {
    const char bracket = here() == level::details_list ? ']' : '}';
    if (c != bracket) {
        state_ = state::malformed;
        return;
    }
    --depth_;
    state_ = depth_ == 0 ? state::done : state::value_end;
    member_ = member::other;
}

void event_json::skip_structure(char c) noexcept {
    switch (c) {
    case '"':
        text_use_ = text_use::skipped;
        return;
    case '{':
    case '[':
        ++skipped_depth_;
        return;
    case '}':
    case ']':
        if (--skipped_depth_ == 0) state_ = state::value_end;
        return;
    default:
        return;
    }
}

/// To the string's end, as far as it is there. A quote behind an odd number of backslashes is none.
std::size_t event_json::skip_text(std::string_view piece) noexcept {
    std::size_t at = 0;
    if (is_escaped_) {
        is_escaped_ = false;
        at = 1;
    }
    while (at < piece.size()) {
        const auto quote = std::min(piece.find('"', at), piece.size());
        auto before = quote;
        while (before > at && piece[before - 1] == '\\') --before;
        const bool is_escaped = (quote - before) % 2 != 0;
        if (quote == piece.size()) {
            is_escaped_ = is_escaped;
            break;
        }
        at = quote + 1;
        if (is_escaped) continue;
        text_use_ = text_use::none;
        return at;
    }
    return piece.size();
}

void event_json::take_text(char c) noexcept {
    if (static_cast<unsigned char>(c) < 0x20) {
        state_ = state::malformed;
    } else if (hex_digits_ > 0) {
        const int digit = hex_value(c);
        if (digit < 0) state_ = state::malformed;
        code_unit_ = static_cast<std::uint16_t>(code_unit_ * 16 + std::max(digit, 0));
        // Beyond ASCII it is a part of no text that is asked about.
        if (--hex_digits_ == 0) keep(code_unit_ < 0x80 ? static_cast<char>(code_unit_) : '\x7f');
    } else if (is_escaped_) {
        is_escaped_ = false;
        if (c == 'u') {
            hex_digits_ = 4;
            code_unit_ = 0;
        } else if (c == '"' || c == '\\' || c == '/') {
            keep(c);
        } else {
            keep('\x7f'); // a control character
            if (std::string_view("bfnrt").find(c) == std::string_view::npos) state_ = state::malformed;
        }
    } else if (c == '\\') {
        is_escaped_ = true;
    } else if (c == '"') {
        end_text();
    } else {
        keep(c);
    }
}

void event_json::keep(char c) noexcept {
    if (text_size_ < text_.size()) text_[text_size_++] = c;
}

void event_json::end_text() noexcept {
    const std::string_view text(text_.data(), text_size_);
    if (text_use_ == text_use::name) {
        member_ = member_named(text);
    } else if (member_ == member::status) {
        status_ = http_status_of(text);
    } else if (const auto told = parse_told_state(text)) {
        key_state_ = told;
    }
    text_use_ = text_use::none;
}

bool event_json::is_in_other_name() const noexcept {
    if (text_use_ != text_use::name || here() != level::top) return false;
    const std::string_view begun(text_.data(), text_size_);
    const auto can_be = [begun](std::string_view name) { return name.starts_with(begun); };
    return !can_be("message") && !can_be("result") && !can_be("error");
}

event_json::member event_json::member_named(std::string_view name) const noexcept {
    const bool is_top = here() == level::top;
    if (is_top && name == "message") return member::message;
    if (is_top && name == "result") return member::result;
    if (is_top && name == "error") return member::error;
    if (is_top && name == "type") return member::type;
    if (is_top && name == "jsonrpc") return member::jsonrpc;
    if (is_top && name == "choices") return member::choices;
    if (is_top && name == "candidates") return member::candidates;
    const bool is_error = here() == level::error || (is_top && kind_ == kind::bare_error);
    if (is_error && name == "status") return member::status;
    if (is_error && name == "details") return member::details;
    const bool is_details = here() == level::details || here() == level::details_item;
    if (is_details && name == key_state_name) return member::key_state;
    return member::other;
}

} // namespace byot::relay
