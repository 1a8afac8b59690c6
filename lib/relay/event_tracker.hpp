#pragma once

#include "relay/event_json.hpp"
#include "relay/event_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace byot::relay {

/// How far an event stream has come.
enum class stream_state : std::uint8_t {
    finished,    ///< Genkit's, and an event with its result or its error has passed
    unfinished,  ///< Genkit's as far as can be told, without either
    error_begun, ///< the same, but a whole error has passed that lacks only its empty line
    not_genkits, ///< another protocol's, or none: what its end is is not known here
};

/// Follows an event stream and tells whether it speaks Genkit's protocol and has ended by its rules: an event
/// is one JSON object with `message`, `result` or `error`, and one of the last two is the end; or an error is
/// the field `error` with an object, as Genkit's clients read it. The first event decides whose protocol it
/// is, by its data and its type alone: Genkit's has no member beside those three, and no type but `message`,
/// the standard's own default. What began as Genkit's stays so behind any object, until an event shows
/// another protocol's sign: data that is no object (`[DONE]`), a type or a member of another's without one of
/// the three.
class event_tracker {
public:
    void follow(std::string_view content) noexcept;

    stream_state state() const noexcept;

    /// What has to be put behind a stream that ends now, so that Genkit's clients see its end: nothing, the
    /// empty line of its own error, or `terminal_event` behind the rest of the event that was cut.
    std::string closing(std::string_view message) const;

    /// The HTTP status that the flow's error stands for, if it has told one.
    std::optional<unsigned> failure() const noexcept;
    /// What that error says of the key.
    std::optional<vault::key_state> told_key_state() const noexcept;

    /// What ends the event that has begun.
    std::string_view rest_of_event() const noexcept { return reader_.rest_of_event(); }

private:
    enum class protocol : std::uint8_t { unknown, genkit, other };
    /// What the lines of the event so far are.
    enum class payload : std::uint8_t { none, data, error };

    void take_value(const event_token& token) noexcept;
    void end_line(event_field field) noexcept;
    void take_type(std::string_view piece) noexcept;
    void enter_line(payload what) noexcept;
    void end_event() noexcept;
    bool has_any() const noexcept;
    bool begins_as_genkits(payload what, bool is_named) const noexcept;
    bool goes_on_as_genkits(payload what, bool is_named) const noexcept;
    bool is_whole_error() const noexcept;
    bool may_be_genkits() const noexcept;

    event_reader reader_;
    event_json json_;
    protocol protocol_ = protocol::unknown;
    payload payload_ = payload::none;
    bool is_line_entered_ = false; ///< the line under way belongs to the payload, and has begun
    bool is_named_ = false;        ///< the event has a type that is not the default
    bool has_foreign_line_ =
        false;                   ///< a line has come that is none of an event, or of a named one without data
    std::uint8_t type_size_ = 0; ///< of the type as far as it is the default's beginning; else `other_type`
    bool is_finished_ = false;
};

/// The event that tells a client that its stream was cut short, as Genkit's clients read it, behind what ends
/// the event that was cut (`event_reader::rest_of_event`).
std::string terminal_event(std::string_view status, std::string_view message, std::string_view rest);

/// The status of each event that this service puts at a stream's end, and what it stands for.
inline constexpr std::string_view cut_status = "UNAVAILABLE";
inline constexpr unsigned cut_http_status = 503;

} // namespace byot::relay
