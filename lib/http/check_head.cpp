#include "http/check_head.hpp"

#include "core/encoding.hpp"
#include "http/field_lines.hpp"
#include "http/framing_fields.hpp"
#include "http/request_target.hpp"

namespace byot::http {

namespace {

failure malformed(std::string why) {
    return {reason::request_malformed, std::move(why)};
}

// The first field that came twice and may not; `unknown` when there is none.
field repeated_singleton(const request_head& head) noexcept {
    if (!head.has_repetition()) return field::unknown;
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto name = static_cast<field>(i);
        if (head.is_repeated(name) && repetition_of(name) == repetition::refused) return name;
    }
    return field::unknown;
}

// RFC 9112 §6.3, with every case refused that it leaves to the recipient's discretion.
result<body_framing> read_framing(const request_head& head) {
    if (head.has(field::transfer_encoding)) {
        if (head.has(field::content_length)) {
            return malformed("Content-Length and Transfer-Encoding exclude each other.");
        }
        if (head.minor_version() == 0 || !is_chunked_coding(head.value(field::transfer_encoding))) {
            return malformed("The only Transfer-Encoding is chunked, with HTTP/1.1.");
        }
        return body_framing::chunked();
    }
    if (!head.has(field::content_length)) return body_framing::none();
    const auto length = parse_content_length(head.value(field::content_length));
    if (!length) return malformed("Content-Length is not a decimal number.");
    return body_framing::of_length(*length);
}

// An HTTP/1.0 client may sit behind a proxy that passes keep-alive on without knowing it (RFC 9112 §C.2.2):
// that costs such a client no more than a connection.
bool keeps_alive(const request_head& head) noexcept {
    return head.minor_version() == 1 && count_elements(head, field::connection, "close").equal == 0;
}

// RFC 9112 §3.2 asks HTTP/1.1 alone for a Host.
bool may_lack_host(const request_head& head) noexcept {
    return head.minor_version() == 0 && !head.has(field::host);
}

// RFC 9110 §10.1.1: ignored with HTTP/1.0, and there is nothing to continue with when there is no content.
bool expects_continue(const request_head& head, const body_framing& body,
                      const element_count& expected) noexcept {
    return expected.all > 0 && head.minor_version() == 1 && !body.is_finished();
}

} // namespace

result<checked_head> check_head(const request_head& head) {
    if (const auto name = repeated_singleton(head); name != field::unknown)
        return malformed(std::string(name_of(name)) + " is there twice, and may be there once.");
    const auto target = read_target(head.method(), head.target());
    if (!target) return malformed("The request target is not valid.");
    const auto host = may_lack_host(head) ? target->authority : head.value(field::host);
    if (!may_lack_host(head) && !is_authority(host)) return malformed("Host is missing or not valid.");
    // RFC 9112 §3.2.2 lets the target win over Host; a client never makes them differ.
    if (!target->authority.empty() && !equals_ignoring_case(target->authority, host)) {
        return malformed("The request target names another host than Host.");
    }
    const auto expected = count_elements(head, field::expect, "100-continue");
    if (expected.equal < expected.all) return malformed("The expectation is not known.");
    auto body = read_framing(head);
    if (!body) return body.error();
    return checked_head{
        .path = target->path,
        .query = target->query,
        .host = host,
        .body = *body,
        .keeps_alive = keeps_alive(head),
        .expects_continue = expects_continue(head, *body, expected),
    };
}

} // namespace byot::http
