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
    std::size_t used = 0;     ///< bytes of the input that this step is done with
    std::string_view content; ///< the content in them
    /// The step's bytes are a whole chunk (size line, data, CRLF), or the last chunk without trailers,
    /// strictly formed, so they may be passed on as they are.
    bool is_whole_chunk = false;
};

/// Follows the framing of one HTTP/1.1 message body without copying it (RFC 9112 §6–7). Trailers are checked
/// for form and dropped; chunk extensions too, though they stay in a whole chunk.
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

    /// Looks at the bytes after those already used. Call again with the rest while it gives `piece`.
    framing_step next(std::string_view bytes) noexcept;

private:
    enum class kind : std::uint8_t { none, length, chunked, until_close };
    enum class state : std::uint8_t { size_line, data, data_end, trailers, finished, malformed };

    framing_step next_of_chunked(std::string_view bytes) noexcept;

    kind kind_ = kind::none;
    state state_ = state::finished;
    std::uint64_t remaining_ = 0; ///< of the body, or of the chunk
    std::uint64_t said_ = 0;
    std::uint64_t content_seen_ = 0;
    std::uint32_t trailer_bytes_ = 0;
};

} // namespace byot::http
