#include "http/check_head.hpp"

#include "core/encoding.hpp"
#include "http/characters.hpp"

#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <array>

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

// The target ------------------------------------------------------------------------------------------------

namespace {

// An absolute-form target from the authority on; empty when the target has another form.
std::string_view after_scheme(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_lower(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
    }
    return {};
}

std::optional<request_target> split_path(std::string_view path_and_query) {
    const auto mark = path_and_query.find('?');
    request_target found;
    found.path = path_and_query.substr(0, mark);
    if (mark != std::string_view::npos) found.query = path_and_query.substr(mark + 1);
    if (!is_safe_path(found.path)) return std::nullopt;
    return found;
}

std::optional<request_target> read_absolute_form(std::string_view method, std::string_view rest) {
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    const auto authority = rest.substr(0, end);
    if (!is_authority(authority)) return std::nullopt;
    auto found = split_path(rest.substr(end));
    if (!found) return std::nullopt;
    found->authority = authority;
    if (found->path.empty()) {
        // RFC 9112 §3.2.4: an absolute form without path and query stands for the server as a whole.
        found->path = method == "OPTIONS" && end == rest.size() ? "*" : "/";
    }
    return found;
}

bool is_port(std::string_view text) noexcept {
    constexpr unsigned highest = 65535;
    unsigned port = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        port = port * 10 + static_cast<unsigned>(c - '0');
        if (port > highest) return false;
    }
    return true;
}

} // namespace

std::optional<request_target> read_target(std::string_view method, std::string_view target) {
    if (method == "CONNECT" || target.find('#') != std::string_view::npos) return std::nullopt;
    if (target.starts_with('/')) return split_path(target);
    if (target == "*") {
        if (method != "OPTIONS") return std::nullopt;
        return request_target{.path = target, .query = {}, .authority = {}};
    }
    if (const auto rest = after_scheme(target); !rest.empty()) return read_absolute_form(method, rest);
    return std::nullopt;
}

bool is_authority(std::string_view text) {
    auto host_length = std::min(text.find(':'), text.size());
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == std::string_view::npos) return false;
        const auto address = text.substr(1, bracket - 1);
        if (boost::urls::parse_ipv6_address({address.data(), address.size()}).has_error()) return false;
        host_length = bracket + 1;
    } else if (!std::ranges::all_of(text.substr(0, host_length), is_host_character)) {
        return false;
    }
    const auto port = text.substr(host_length);
    return host_length > 0 && (port.empty() || (port.front() == ':' && is_port(port.substr(1))));
}

// The path --------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t escape_size = 3; // "%2e"

// The byte that the escape at the front stands for; nothing when it is none.
std::optional<unsigned char> read_escape(std::string_view text) noexcept {
    if (text.size() < escape_size || text[0] != '%') return std::nullopt;
    const int high = hex_value(text[1]);
    const int low = hex_value(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<unsigned char>(high * 16 + low);
}

// The length in bytes of the UTF-8 character that a byte begins.
std::size_t utf8_length(unsigned char lead) noexcept {
    if (lead < 0x80) return 1;
    if (lead < 0xe0) return 2;
    return lead < 0xf0 ? 3 : 4;
}

// One character of a path, decoded.
struct path_character {
    std::size_t spelled = 0; ///< bytes in the path; 0 when it is none that may be there
    char ascii = 0;          ///< 0 for a character beyond ASCII
};

path_character read_escaped_character(std::string_view text) noexcept {
    std::array<char, 4> utf8{};
    const auto lead = read_escape(text);
    if (!lead) return {};
    const auto length = utf8_length(*lead);
    for (std::size_t i = 0; i < length; ++i) {
        const auto byte = read_escape(text.substr(std::min(i * escape_size, text.size())));
        if (!byte) return {};
        utf8[i] = static_cast<char>(*byte);
    }
    const char c = utf8.front();
    const bool is_unsafe = length == 1 && (c < 0x20 || c == 0x7f || c == '/' || c == '\\');
    if (is_unsafe || !is_utf8({utf8.data(), length})) return {};
    return {length * escape_size, length == 1 ? c : char{0}};
}

path_character read_character(std::string_view text) noexcept {
    if (text.front() == '%') return read_escaped_character(text);
    if (is_path_character(text.front()) || is_raw_in_path(text.front())) return {1, text.front()};
    return {};
}

// Notices the segments "." and "..". Some servers cut parameters ("..;x") off before they normalise.
class dot_watch {
public:
    bool sees_dot_segment() const noexcept { return is_only_dots_ && (dots_ == 1 || dots_ == 2); }
    void begin_segment() noexcept { *this = {}; }
    void add(char c) noexcept {
        if (c == ';') {
            has_parameters_ = true;
        } else if (!has_parameters_) {
            is_only_dots_ = is_only_dots_ && c == '.';
            ++dots_;
        }
    }

private:
    std::size_t dots_ = 0;
    bool is_only_dots_ = true;
    bool has_parameters_ = false;
};

} // namespace

bool is_safe_path(std::string_view path) {
    dot_watch segment;
    while (!path.empty()) {
        const auto next = read_character(path);
        if (next.spelled == 0) return false;
        if (next.ascii == '/') {
            if (segment.sees_dot_segment()) return false;
            segment.begin_segment();
        } else {
            segment.add(next.ascii);
        }
        path.remove_prefix(next.spelled);
    }
    return !segment.sees_dot_segment();
}

} // namespace byot::http
