#include "relay/upstream_head.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace byot::relay {
namespace {

using http::field;

/// What of the client's head goes upstream. x-genkit-stream-id is an addition: it was checked first.
constexpr std::array allowed{
    std::pair{field::accept, std::string_view("Accept")},
    std::pair{field::content_type, std::string_view("Content-Type")},
    std::pair{field::authorization, std::string_view("Authorization")},
    std::pair{field::x_firebase_appcheck, std::string_view("x-firebase-appcheck")},
    std::pair{field::traceparent, std::string_view("traceparent")},
    std::pair{field::accept_language, std::string_view("accept-language")},
};

constexpr std::size_t framing_of_a_line = 4; // ": " and CRLF

void append_field(flat_buffer& out, std::string_view name, std::string_view value) noexcept {
    out.append(name);
    out.append(": ");
    out.append(value);
    out.append("\r\n");
}

/// The framing as it was understood, not as it was written: "005" is 5 for everybody behind this service.
void append_framing(flat_buffer& out, const http::request_head& head,
                    const http::body_framing& body) noexcept {
    if (body.is_chunked()) append_field(out, "Transfer-Encoding", "chunked");
    if (!head.has(field::content_length)) return;
    std::array<char, 20> digits;
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), body.length().value_or(0)).ptr;
    append_field(out, "Content-Length", {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

std::size_t length_of_head(const upstream_address& to, std::string_view path, std::string_view query,
                           const http::request_head& head, const upstream_additions& additions) noexcept {
    std::size_t length = 512; // the names of all lines, and the request line's constant parts
    length += to.authority.size() + to.prefix.size() + path.size() + query.size();
    for (const auto& [name, text] : allowed)
        length += head.value(name).size() + text.size() + framing_of_a_line;
    return length + additions.api_key.size() + additions.provider.size() + additions.uid.size() +
           additions.request_id.size() + additions.stream_id.size() + additions.serverless_token.size();
}

} // namespace

bool write_upstream_head(flat_buffer& out, const upstream_address& to, std::string_view path,
                         std::string_view query, const http::request_head& head,
                         const http::body_framing& body, const upstream_additions& additions) {
    if (!out.fits(length_of_head(to, path, query, head, additions))) return false;
    out.append("POST ");
    out.append(to.prefix);
    out.append("/");
    out.append(path);
    if (!query.empty()) {
        out.append("?");
        out.append(query);
    }
    out.append(" HTTP/1.1\r\n");
    append_field(out, "Host", to.authority);
    for (const auto& [name, text] : allowed) {
        if (head.has(name)) append_field(out, text, head.value(name));
    }
    append_framing(out, head, body);
    if (!additions.stream_id.empty()) append_field(out, "x-genkit-stream-id", additions.stream_id);
    if (!additions.serverless_token.empty()) {
        out.append("X-Serverless-Authorization: Bearer ");
        out.append(additions.serverless_token);
        out.append("\r\n");
    }
    append_field(out, "x-byot-api-key", additions.api_key);
    append_field(out, "x-byot-provider", additions.provider);
    append_field(out, "x-byot-uid", additions.uid);
    append_field(out, "x-request-id", additions.request_id);
    out.append("\r\n");
    return true;
}

} // namespace byot::relay
