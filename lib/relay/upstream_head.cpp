#include "relay/upstream_head.hpp"

#include "http/characters.hpp"
#include "http/request_head.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace byot::relay {
namespace {

using http::field;

/// What of the client's head goes upstream. Authorization and x-genkit-stream-id are additions: they were
/// checked first.
constexpr std::array allowed{
    std::pair{field::accept, std::string_view("Accept")},
    std::pair{field::content_type, std::string_view("Content-Type")},
    std::pair{field::x_firebase_appcheck, std::string_view("x-firebase-appcheck")},
    std::pair{field::traceparent, std::string_view("traceparent")},
    std::pair{field::tracestate, std::string_view("tracestate")},
    std::pair{field::baggage, std::string_view("baggage")},
    std::pair{field::accept_language, std::string_view("accept-language")},
};

constexpr std::size_t longest_escape = 3;    // "%C3" for a byte
constexpr std::size_t framing_of_a_line = 4; // ": " and CRLF

/// Percent-encodes the bytes that the predicate names (RFC 3986 §2.1).
template <class Predicate>
void append_encoded(http::flat_buffer& out, std::string_view text, Predicate is_encoded) noexcept {
    constexpr std::string_view digits = "0123456789ABCDEF";
    while (!text.empty()) {
        const auto end = std::find_if(text.begin(), text.end(), is_encoded);
        const auto plain = static_cast<std::size_t>(end - text.begin());
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto byte = static_cast<unsigned char>(text.front());
        const std::array escape{'%', digits[byte >> 4], digits[byte & 0xf]};
        out.append({escape.data(), escape.size()});
        text.remove_prefix(1);
    }
}

/// A text that may hold any character, in visible ASCII: the bytes of its UTF-8 percent-encoded where they
/// are no visible ASCII, and '%' itself, so that one decoding gives exactly the text.
void append_escaped_field(http::flat_buffer& out, std::string_view name, std::string_view text) noexcept {
    out.append(name);
    out.append(": ");
    append_encoded(out, text, [](char c) { return !http::is_visible(c) || c == '%'; });
    out.append("\r\n");
}

/// As the client sent it, byte for byte; several lines of a list as one.
void append_client_field(http::flat_buffer& out, const http::request_head& head, field name,
                         std::string_view text) noexcept {
    if (head.is_repeated(name) && http::repetition_of(name) != http::repetition::joined) return;
    http::field_lines lines(head, name);
    auto line = lines.next();
    if (!line) return;
    out.append(text);
    out.append(": ");
    out.append(*line);
    for (line = lines.next(); line; line = lines.next()) {
        out.append(", ");
        out.append(*line);
    }
    out.append("\r\n");
}

/// Whether the client's tracestate belongs to what goes upstream as `traceparent`; with another trace it is
/// discarded (W3C Trace Context §4.2).
bool continues_trace_of(const http::request_head& head, std::string_view traceparent) noexcept {
    constexpr std::size_t id_at = 3; // behind "00-"
    constexpr std::size_t id_size = 32;
    return traceparent.empty() || head.value(field::traceparent)
                                      .substr(0, id_at + id_size)
                                      .ends_with(traceparent.substr(id_at, id_size));
}

std::size_t encoded_size(std::string_view path) noexcept {
    const auto raw = std::count_if(path.begin(), path.end(), http::is_raw_in_path);
    return path.size() + (longest_escape - 1) * static_cast<std::size_t>(raw);
}

/// The framing as it was understood, not as it was written: "005" is 5 for everybody behind this service.
void append_framing(http::flat_buffer& out, const http::request_head& head, const http::body_framing& body,
                    std::optional<std::uint64_t> whole_length) noexcept {
    auto length = whole_length;
    if (!body.is_chunked() && head.has(field::content_length)) length = body.length();
    if (body.is_chunked() && !length) out.append_field("Transfer-Encoding", "chunked");
    if (!length) return;
    out.append("Content-Length: ");
    out.append_number(*length);
    out.append("\r\n");
}

std::size_t length_of_head(const upstream_address& to, std::string_view path, std::string_view query,
                           const http::request_head& head, const upstream_additions& additions) noexcept {
    std::size_t length = 512; // the names of all lines, and the request line's constant parts
    length += to.authority.size() + to.prefix.size() + encoded_size(path) + query.size();
    for (const auto& [name, text] : allowed)
        length += http::joined_size(head, name) + text.size() + framing_of_a_line;
    return length + additions.api_key.size() + additions.provider.size() +
           longest_escape * additions.who->canonical().size() + additions.request_id.size() +
           additions.authorization.size() + additions.stream_id.size() + additions.serverless_token.size() +
           additions.traceparent.size();
}

} // namespace

bool write_upstream_head(http::flat_buffer& out, const upstream_address& to, std::string_view path,
                         std::string_view query, const http::request_head& head,
                         const http::body_framing& body, const upstream_additions& additions) {
    if (!out.fits(length_of_head(to, path, query, head, additions))) return false;
    out.append("POST ");
    out.append(to.prefix);
    out.append("/");
    append_encoded(out, path, http::is_raw_in_path);
    if (!query.empty()) {
        out.append("?");
        out.append(query);
    }
    out.append(" HTTP/1.1\r\n");
    out.append_field("Host", to.authority);
    for (const auto& [name, text] : allowed) {
        if (name == field::traceparent && !additions.traceparent.empty()) {
            out.append_field(text, additions.traceparent);
        } else if (name != field::tracestate || continues_trace_of(head, additions.traceparent)) {
            append_client_field(out, head, name, text);
        }
    }
    if (!additions.authorization.empty()) out.append_field("Authorization", additions.authorization);
    // A coding could not be looked into, and a stream in one that is cut short not be ended.
    out.append_field("Accept-Encoding", "identity");
    append_framing(out, head, body, additions.whole_length);
    if (!additions.stream_id.empty()) out.append_field("x-genkit-stream-id", additions.stream_id);
    if (!additions.serverless_token.empty()) {
        out.append("X-Serverless-Authorization: Bearer ");
        out.append(additions.serverless_token);
        out.append("\r\n");
    }
    out.append_field("x-byot-api-key", additions.api_key);
    out.append_field("x-byot-provider", additions.provider);
    append_escaped_field(out, "x-byot-uid", additions.who->uid());
    if (const auto tenant = additions.who->tenant(); !tenant.empty()) {
        append_escaped_field(out, "x-byot-tenant", tenant);
    }
    out.append_field("x-request-id", additions.request_id);
    out.append("\r\n");
    return true;
}

} // namespace byot::relay
