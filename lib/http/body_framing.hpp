#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::http {

/// One step through a body's bytes.
struct framing_step {
    enum class kind {
        need_more, ///< nothing more can be said of these bytes
        piece,     ///< some content
        finished,  ///< the body is at its end; bytes after `used` are the next message's
        malformed, ///< the connection cannot be trusted any more
    };
    kind what = kind::need_more;
    std::size_t used = 0;     ///< bytes of the input that this step is done with, also with `need_more`
    std::string_view content; ///< the content in them
    /// The step's bytes are a whole chunk (size line, data, CRLF), or the last chunk without trailers,
    /// in the plainest form (no extension, no leading zero), so they may be passed on as they are.
    bool is_whole_chunk = false;
};

/// Follows the framing of one HTTP/1.1 message body without copying it (RFC 9112 §6–7). Trailers are checked
/// for form and dropped, and so are chunk extensions. Lines end with CRLF and are bounded: 32 digits of a
/// size (16 after leading zeros), 256 bytes of a size line, 8 KiB of trailers.
class body_framing {
public:
    /// No body.
    static body_framing none() noexcept;
    static body_framing of_length(std::uint64_t length) noexcept;
    static body_framing chunked() noexcept;
    /// Ends with the connection (responses only).
    static body_framing until_close() noexcept;

    bool is_chunked() const noexcept { return kind_ == kind::chunked; }
    bool is_until_close() const noexcept { return kind_ == kind::until_close; }
    /// The length said, when one was; zero for `none`.
    std::optional<std::uint64_t> length() const noexcept;
    bool is_finished() const noexcept { return state_ == state::finished; }
    /// The content seen so far, in bytes.
    std::uint64_t content_seen() const noexcept { return content_seen_; }

    /// Looks at the bytes after those already used. Call again with the rest while it gives `piece`, which is
    /// never empty. With `need_more` all bytes are used; none of them has to be kept.
    framing_step next(std::string_view bytes) noexcept;

private:
    enum class kind : std::uint8_t { none, length, chunked, until_close };
    enum class state : std::uint8_t {
        size_line,         ///< digits of a chunk size
        extension_start,   ///< behind ';'
        extension_name,    ///< in a name
        extension_value,   ///< behind '='
        extension_token,   ///< in an unquoted value
        extension_quoted,  ///< in a quoted value
        extension_escaped, ///< behind a backslash there
        extension_end,     ///< behind the closing quote
        size_line_end,     ///< behind CR
        data,
        data_cr,       ///< CR is due
        data_lf,       ///< LF is due
        trailer_start, ///< a trailer or the end
        trailer_name,
        trailer_value,
        trailer_lf, ///< behind CR of a trailer
        last_lf,    ///< behind CR of the empty line
        finished,
        malformed,
    };

    framing_step next_of_chunked(std::string_view bytes) noexcept;
    framing_step whole_chunk(std::string_view bytes) noexcept;
    framing_step take_content(std::string_view bytes, std::size_t before) noexcept;
    state after(char c) noexcept;
    state after_size_digit(char c) noexcept;
    state after_extension(char c) noexcept;
    state after_size_line() noexcept;
    state after_trailer(char c) noexcept;

    kind kind_ = kind::none;
    state state_ = state::finished;
    std::uint8_t digits_ = 0;
    std::uint16_t line_bytes_ = 0;    ///< of the size line so far
    std::uint32_t trailer_bytes_ = 0; ///< of all trailers so far
    std::uint64_t remaining_ = 0;     ///< of the body, or of the chunk
    std::uint64_t said_ = 0;
    std::uint64_t content_seen_ = 0;
};

/// Content-Length (RFC 9110 §8.6): 1 to 19 decimal digits, so that it always fits. Nothing for a sign, a
/// list, white space within or anything else: two readers must not be able to disagree.
std::optional<std::uint64_t> parse_content_length(std::string_view value) noexcept;

/// Whether the Transfer-Encoding is the one that is understood: chunked, alone, in any case (RFC 9112 §7).
bool is_chunked_coding(std::string_view value) noexcept;

} // namespace byot::http
