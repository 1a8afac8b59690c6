#include "relay/client_head.hpp"

#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "http/response.hpp"
#include "relay/answer_fields.hpp"
#include "vault/stream_ids.hpp"

#include <array>
#include <charconv>

namespace byot::relay {
namespace {

constexpr std::string_view stream_id_name = "x-genkit-stream-id";
constexpr std::size_t room_for_constants = 1024;

void append_number(flat_buffer& out, std::uint64_t number) noexcept {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void append_field(flat_buffer& out, std::string_view name, std::string_view value) noexcept {
    out.append(name);
    out.append(": ");
    out.append(value);
    out.append("\r\n");
}

/// Copies the upstream's fields that pass, each line as it came, but a stream's id, which is signed for its
/// user. One object, so that visiting the fields captures no more than a std::function holds by itself.
struct field_copy {
    flat_buffer& out;
    const http::response_head& upstream;
    const answer_additions& additions;

    bool passes(std::string_view name) const {
        if (!passes_to_client(name, upstream.status)) return false;
        return !upstream.names_fields || !http::is_named_by_connection(upstream.fields, name);
    }
    void visit(std::string_view name, std::string_view value) const {
        if (!passes(name)) return;
        if (equals_ignoring_case(name, stream_id_name)) {
            const auto ring = additions.keyring->current();
            append_field(out, name, vault::sign_stream_id(*ring, *additions.who, value));
        } else {
            append_field(out, name, value);
        }
    }
};

void append_framing(flat_buffer& out, const answer_additions& additions) noexcept {
    if (additions.framing == answer_framing::chunked) append_field(out, "Transfer-Encoding", "chunked");
    if (additions.framing == answer_framing::length) {
        out.append("Content-Length: ");
        append_number(out, additions.length);
        out.append("\r\n");
    }
    if (!additions.keeps_alive) append_field(out, "Connection", "close");
}

void append_receipt(flat_buffer& out, const answer_additions& additions) noexcept {
    out.append("x-byot-credential: user/");
    out.append(additions.provider);
    out.append("/");
    out.append(additions.credential_id);
    out.append("\r\n");
}

} // namespace

bool write_client_head(flat_buffer& out, const http::response_head& upstream,
                       const answer_additions& additions) {
    constexpr std::size_t signature_room = 128;
    if (!out.fits(room_for_constants + signature_room + 2 * upstream.size + additions.carried.size() +
                  additions.rate_limits.size() + additions.request_id.size())) {
        return false;
    }
    out.append("HTTP/1.1 ");
    append_number(out, upstream.status);
    out.append(" ");
    out.append(http::reason_phrase(upstream.status));
    out.append("\r\n");
    append_field(out, "Date", format_http_date(additions.date));
    if (!additions.content_type.empty()) append_field(out, "Content-Type", additions.content_type);
    const field_copy fields{out, upstream, additions};
    http::for_each_field(upstream.fields, [&](auto name, auto value) { fields.visit(name, value); });
    append_receipt(out, additions);
    append_field(out, "x-request-id", additions.request_id);
    append_field(out, "X-Content-Type-Options", "nosniff");
    if (additions.is_event_stream) {
        append_field(out, "Cache-Control", "no-store, no-transform");
        append_field(out, "X-Accel-Buffering",
                     "no"); // nginx would hold events back until its buffers are full
    } else {
        append_field(out, "Cache-Control", "no-store");
    }
    out.append(additions.carried);
    out.append(additions.rate_limits);
    append_framing(out, additions);
    out.append("\r\n");
    return true;
}

} // namespace byot::relay
