#include "relay/client_head.hpp"

#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "http/response.hpp"
#include "vault/stream_ids.hpp"

#include <array>
#include <charconv>

namespace byot::relay {
namespace {

constexpr std::string_view event_stream = "text/event-stream";
constexpr std::string_view genkit_prefix = "x-genkit-";
constexpr std::string_view stream_id_name = "x-genkit-stream-id";
constexpr std::size_t room_for_constants = 1024;

/// The media type without parameters.
std::string_view media_type(std::string_view content_type) noexcept {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type.substr(0, type.find_last_not_of(" \t") + 1);
}

bool has_prefix_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

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

void append_genkit_fields(flat_buffer& out, const http::response_head& upstream,
                          const answer_additions& additions) {
    http::for_each_field(upstream.fields, [&](std::string_view name, std::string_view value) {
        if (!has_prefix_ignoring_case(name, genkit_prefix)) return;
        if (equals_ignoring_case(name, stream_id_name)) {
            const auto ring = additions.keyring->current();
            append_field(out, name, vault::sign_stream_id(*ring, *additions.who, value));
        } else {
            append_field(out, name, value);
        }
    });
}

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
    if (!upstream.content_encoding.empty()) append_field(out, "Content-Encoding", upstream.content_encoding);
    append_genkit_fields(out, upstream, additions);
    append_receipt(out, additions);
    append_field(out, "x-request-id", additions.request_id);
    append_field(out, "X-Content-Type-Options", "nosniff");
    append_field(out, "Cache-Control", "no-store");
    out.append(additions.carried);
    out.append(additions.rate_limits);
    append_framing(out, additions);
    out.append("\r\n");
    return true;
}

std::string_view answer_content_type(const http::response_head& upstream, bool asked_for_stream) noexcept {
    const bool is_mislabelled = asked_for_stream && upstream.status == 200 &&
                                equals_ignoring_case(media_type(upstream.content_type), "text/plain");
    return is_mislabelled ? event_stream : upstream.content_type;
}

bool is_event_stream(const http::response_head& upstream, bool asked_for_stream) noexcept {
    if (upstream.status != 200) return false;
    const auto type = media_type(answer_content_type(upstream, asked_for_stream));
    return equals_ignoring_case(type, event_stream) || (asked_for_stream && type.empty());
}

std::optional<vault::key_state> told_key_state(const http::response_head& upstream) {
    std::optional<vault::key_state> told;
    http::for_each_field(upstream.fields, [&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(name, "x-byot-key-state")) return;
        if (value == "rejected") told = vault::key_state::rejected;
        if (value == "exhausted") told = vault::key_state::exhausted;
    });
    return told;
}

} // namespace byot::relay
