#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace byot::relay {

/// What a line of an event stream is about. Genkit's servers tell an error by a field of their own, "error".
enum class event_field : std::uint8_t { data, event, id, retry, error, comment, unknown };

/// One step through the bytes of an event stream.
struct event_token {
    enum class kind : std::uint8_t {
        need_more, ///< nothing more can be said of these bytes
        value,     ///< a piece of the field's value, never empty
        line_end,  ///< the line of the field has ended
        event_end, ///< an empty line: what the lines before it said is an event now
    };
    kind what = kind::need_more;
    event_field field = event_field::unknown; ///< with `value` and `line_end`
    std::string_view value;                   ///< a part of the bytes fed
};

/// Takes an event stream apart as it arrives (WHATWG HTML §9.2.6): lines end with CRLF, LF or CR, a byte
/// order mark at the very start is no part of them, one space after the colon is none of the value. The bytes
/// may be cut anywhere; nothing is kept of them and nothing allocated.
class event_reader {
public:
    /// The next bytes, which stay where they are until `next` said `need_more`.
    void feed(std::string_view bytes) noexcept;
    event_token next() noexcept;

    /// Whether lines have come, or a part of one, that no empty line has made an event of.
    bool is_in_event() const noexcept { return is_in_event_; }
    /// Whether a line has begun and not ended.
    bool is_in_line() const noexcept { return part_ != part::start; }
    /// Whether the name of a line's field has begun and no colon has ended it.
    bool is_in_name() const noexcept { return part_ == part::name; }
    /// The field of the line that has begun, as far as can be told: its name may not be whole yet.
    event_field field_so_far() const noexcept;
    /// What ends the event that has begun, so that another can follow: its empty line, and the end of the
    /// line that was cut; else nothing.
    std::string_view rest_of_event() const noexcept;

private:
    enum class part : std::uint8_t { start, name, value_start, value };

    bool skip_mark() noexcept;
    void take_name() noexcept;
    event_token take_value() noexcept;
    event_token end_line() noexcept;
    std::size_t line_end() noexcept;
    event_field field_named() const noexcept;

    std::string_view bytes_;
    std::size_t at_ = 0;
    // Where the next of each is, at or behind `at_`; what was looked for once is not looked for again.
    std::size_t next_lf_ = 0;
    std::size_t next_cr_ = 0;

    std::array<char, 6> name_{}; ///< the longest name that is known, and one more
    std::uint8_t name_size_ = 0;
    std::uint8_t mark_ = 0; ///< bytes of the byte order mark so far; `no_mark` when none can come any more
    event_field field_ = event_field::unknown;
    part part_ = part::start;
    bool is_after_cr_ = false;
    bool is_in_event_ = false;
};

} // namespace byot::relay
