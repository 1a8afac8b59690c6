#pragma once

#include "http/body_framing.hpp"
#include "http/flat_buffer.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::http {

/// How a body is framed on its way out (RFC 9112 §6).
enum class body_form : std::uint8_t {
    length,  ///< as many bytes as its head promised: nothing can be added
    chunked, ///< each piece with its size
    plain,   ///< the content alone, up to the end of the connection
};

/// Puts one write of a body together: a run of the input as long as it can go as it is, a copy in the buffer
/// from then on. Whole chunks pass unchanged. A chunk of which only a part has come goes as a chunk of its
/// own, so that no more is promised to the receiver than has been sent. Trailers and chunk extensions are
/// dropped.
class body_writer {
public:
    /// Writes into `memory`, which must have room for the input and 1 KiB, and must outlive this.
    body_writer(std::span<char> memory, body_form form) noexcept : out_(memory), form_(form) {}

    /// For what goes in front of the body in the same write: its head.
    flat_buffer& head() noexcept { return out_; }
    body_form form() const noexcept { return form_; }
    /// For a head that is written before the form is known.
    void set_form(body_form form) noexcept { form_ = form; }

    /// One step of the framing in which the body came, `bytes` being those it looked at.
    void pass(const framing_step& step, std::string_view bytes);
    /// Content of this side's own. Not for `body_form::length`.
    void add(std::string_view content);
    /// What ends the body: the last chunk, where it goes in chunks.
    void end();

    /// What is to be sent: a part of the input, or what the buffer holds.
    std::string_view bytes() const noexcept { return is_copying_ || !out_.empty() ? out_.view() : run_; }

private:
    void begin_copy();
    void pass_unchanged(std::string_view bytes);

    flat_buffer out_;
    std::string_view run_;
    body_form form_;
    bool is_copying_ = false;
};

/// Appends `content` as one chunk (RFC 9112 §7.1). Precondition: it fits.
void append_chunk(flat_buffer& out, std::string_view content);

/// The chunk that ends a body without trailers.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// How long the content is, in bytes, when all that is left of the body is among `bytes`.
std::optional<std::uint64_t> length_if_whole(body_framing body, std::string_view bytes) noexcept;

} // namespace byot::http
