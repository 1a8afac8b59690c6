#include "relay/event_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace byot::relay {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint8_t no_mark = 3;

/// Genkit's first: what has come of a name is taken for theirs as long as it may be.
constexpr std::array names{
    std::pair{std::string_view("data"), event_field::data},
    std::pair{std::string_view("error"), event_field::error},
    std::pair{std::string_view("event"), event_field::event},
    std::pair{std::string_view("id"), event_field::id},
    std::pair{std::string_view("retry"), event_field::retry},
};

std::size_t find(std::string_view bytes, std::size_t from, char c) noexcept {
    if (from >= bytes.size()) return bytes.size();
    const void* const found = std::memchr(bytes.data() + from, c, bytes.size() - from);
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) : bytes.size();
}

} // namespace

void event_reader::feed(std::string_view bytes) noexcept {
    bytes_ = bytes;
    at_ = 0;
    next_lf_ = find(bytes_, 0, '\n');
    next_cr_ = find(bytes_, 0, '\r');
}

event_token event_reader::next() noexcept {
    if (mark_ != no_mark && !skip_mark()) return {};
    if (is_after_cr_ && at_ < bytes_.size()) {
        is_after_cr_ = false;
        if (bytes_[at_] == '\n') ++at_;
    }
    while (at_ < bytes_.size()) {
        const auto end = line_end();
        if (part_ == part::start || part_ == part::name) take_name();
        if (part_ == part::value_start && at_ < end) {
            part_ = part::value;
            if (bytes_[at_] == ' ') ++at_;
        }
        if (part_ == part::value && at_ < end) {
            const auto token = take_value();
            if (token.field != event_field::comment) return token;
        }
        if (at_ < bytes_.size()) return end_line();
    }
    return {};
}

/// False while all bytes may still be a part of the mark. When they were none, they are a name that is not
/// known.
bool event_reader::skip_mark() noexcept {
    while (at_ < bytes_.size() && mark_ < no_mark && bytes_[at_] == byte_order_mark[mark_]) {
        ++mark_;
        ++at_;
    }
    if (mark_ == no_mark) return true;
    if (at_ == bytes_.size()) return false;
    if (mark_ > 0) {
        name_size_ = static_cast<std::uint8_t>(name_.size());
        part_ = part::name;
        is_in_event_ = true;
    }
    mark_ = no_mark;
    return true;
}

void event_reader::take_name() noexcept {
    const auto end = line_end();
    for (; at_ < end; ++at_) {
        const char c = bytes_[at_];
        part_ = part::name;
        is_in_event_ = true;
        if (c == ':') {
            ++at_;
            field_ = name_size_ == 0 ? event_field::comment : field_named();
            part_ = part::value_start;
            return;
        }
        if (name_size_ < name_.size()) name_[name_size_++] = c;
    }
}

event_token event_reader::take_value() noexcept {
    const auto end = line_end();
    const auto piece = bytes_.substr(at_, end - at_);
    at_ = end;
    return {event_token::kind::value, field_, piece};
}

/// At a CR or LF.
event_token event_reader::end_line() noexcept {
    is_after_cr_ = bytes_[at_] == '\r';
    ++at_;
    if (is_after_cr_ && at_ < bytes_.size()) {
        is_after_cr_ = false;
        if (bytes_[at_] == '\n') ++at_;
    }
    event_token token{event_token::kind::line_end, field_, {}};
    if (part_ == part::start) {
        token.what = event_token::kind::event_end;
        is_in_event_ = false;
    } else if (part_ == part::name) {
        token.field = field_named();
    }
    part_ = part::start;
    name_size_ = 0;
    return token;
}

std::size_t event_reader::line_end() noexcept {
    if (next_lf_ < at_) next_lf_ = find(bytes_, at_, '\n');
    if (next_cr_ < at_) next_cr_ = find(bytes_, at_, '\r');
    return std::min(next_lf_, next_cr_);
}

event_field event_reader::field_named() const noexcept {
    const std::string_view name(name_.data(), name_size_);
    for (const auto& [known, field] : names) {
        if (name == known) return field;
    }
    return event_field::unknown;
}

event_field event_reader::field_so_far() const noexcept {
    if (part_ != part::name) return field_;
    const std::string_view begun(name_.data(), name_size_);
    for (const auto& [name, field] : names) {
        if (name.starts_with(begun)) return field;
    }
    return event_field::unknown;
}

std::string_view event_reader::rest_of_event() const noexcept {
    const bool is_in_mark = mark_ != 0 && mark_ != no_mark;
    if (is_in_line() || is_in_mark) return "\n\n";
    if (!is_in_event_) return {};
    // A line feed right behind a carriage return belongs to it, and ends no line of its own.
    return is_after_cr_ ? "\n\n" : "\n";
}

} // namespace byot::relay
