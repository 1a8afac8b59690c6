// What the scanner says of some bytes it does not take back when more arrive, and all it gives out are views
// into them. What is read of a head that is refused the whole head has too, and what goes upstream of a good
// one is a good one again.

#include "core/user_id.hpp"
#include "fuzz/require.hpp"
#include "http/check_head.hpp"
#include "http/cors.hpp"
#include "http/refused_head.hpp"
#include "http/request_head.hpp"
#include "http/response.hpp"
#include "relay/upstream_head.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace byot;
using namespace byot::http;

void check_views(const request_head& head, std::string_view bytes) {
    fuzz::require(head.size() <= bytes.size());
    const auto own = bytes.substr(0, head.size());
    fuzz::require(own.ends_with("\r\n\r\n"));
    fuzz::require(!head.method().empty() && !head.target().empty());
    fuzz::require(fuzz::is_within(head.method(), own) && fuzz::is_within(head.target(), own));
    for (std::size_t i = 0; i < field_count; ++i) {
        const auto name = static_cast<field>(i);
        const auto value = head.value(name);
        fuzz::require(fuzz::is_within(value, own));
        fuzz::require(head.has(name) || (value.empty() && !head.is_repeated(name)));
        fuzz::require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
    }
}

void check_decision(const request_head& head) {
    const auto checked = check_head(head);
    if (checked.has_error()) {
        fuzz::require(checked.error().why() == reason::request_malformed);
        return;
    }
    fuzz::require(checked->path == "*" || checked->path.starts_with('/'));
    fuzz::require(checked->path.find_first_of("\\?#") == std::string_view::npos);
    fuzz::require(checked->path.find("/../") == std::string_view::npos && !checked->path.ends_with("/.."));
    fuzz::require(checked->query.find('#') == std::string_view::npos);
    const bool may_lack_host = head.minor_version() == 0 && !head.has(field::host);
    fuzz::require((may_lack_host || !checked->host.empty()) && !head.is_repeated(field::host));
    fuzz::require(!checked->body.is_until_close());
    fuzz::require(!(head.has(field::content_length) && head.has(field::transfer_encoding)));
}

std::string origin_of_refused(std::string_view bytes, std::size_t piece) {
    refused_head head;
    std::string held;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        held.append(bytes.substr(at, piece));
        const auto used = head.advance(held);
        fuzz::require(used <= held.size());
        held.erase(0, used);
        fuzz::require(held.size() <= 1024 || held.size() <= piece);
    }
    return std::string(head.origin());
}

void check_refused(std::string_view bytes) {
    const auto found = origin_of_refused(bytes, bytes.size() + 1);
    fuzz::require(found == origin_of_refused(bytes, 1) && found == origin_of_refused(bytes, 7));
    fuzz::require(found.empty() || bytes.find(found + '\r') != std::string_view::npos ||
                  bytes.find(found + ' ') != std::string_view::npos ||
                  bytes.find(found + '\t') != std::string_view::npos);
}

void check_origin(const request_head& head, std::string_view own) {
    const auto value = head.value(field::origin);
    const auto whole = origin_of_refused(own, own.size() + 1);
    const bool is_short = value.size() < 256;
    if (head.is_repeated(field::origin)) {
        fuzz::require(whole.empty() || !is_short);
    } else {
        fuzz::require(whole == value || (whole.empty() && !is_short));
    }
    for (const auto length : {own.size() - 1, own.size() / 2, own.size() / 3}) {
        const auto part = origin_of_refused(own.substr(0, length), length + 1);
        fuzz::require(part.empty() || part == value || head.is_repeated(field::origin));
    }
}

void check_preflight(const request_head& head) {
    const cors_policy policy({std::string(head.value(field::origin))});
    const auto answer = policy.preflight(head, "POST");
    fuzz::require(answer.has_value());
    for (const auto& [name, value] : answer->fields)
        fuzz::require(is_field_value(value) && value.size() < 50'000);
}

/// A path whose raw characters are encoded.
std::string encoded(std::string_view path) {
    std::string text;
    for (const char c : path) {
        const bool is_raw = std::string_view("\"<>[]^`{|}").find(c) != std::string_view::npos;
        text += is_raw ? '%' + std::string(1, "0123456789ABCDEF"[c / 16]) + "0123456789ABCDEF"[c % 16]
                       : std::string(1, c);
    }
    return text;
}

void check_upstream(const request_head& head, const checked_head& checked) {
    if (!checked.path.starts_with('/') || checked.query.size() + 3 * checked.path.size() > 16 * 1024) return;
    static std::vector<char> memory(256 * 1024);
    http::flat_buffer out(memory);
    static const user_id somebody("x");
    relay::upstream_additions additions;
    additions.api_key = additions.provider = additions.request_id = "x";
    additions.who = &somebody;
    additions.authorization = head.value(field::x_forwarded_authorization);
    fuzz::require(relay::write_upstream_head(out, {"h", ""}, checked.path.substr(1), checked.query, head,
                                             checked.body, additions));
    if (out.size() > max_head_size) return;
    const auto sent = scan_request_head(out.view());
    fuzz::require(sent.has_value() && *sent && (*sent)->size() == out.size() && !(*sent)->has_repetition());
    const auto again = check_head(**sent);
    fuzz::require(again.has_value() && again->path == encoded(checked.path) && again->query == checked.query);
    fuzz::require((*sent)->value(field::authorization) == head.value(field::x_forwarded_authorization));
    fuzz::require(!(*sent)->has(field::x_forwarded_authorization));
    for (const auto list : {field::accept, field::accept_language, field::tracestate, field::baggage}) {
        const auto joined = joined_lines(head, list);
        fuzz::require(joined.size() == joined_size(head, list));
        fuzz::require((*sent)->value(list) == trim_blanks(joined));
    }
}

void check_prefixes(std::string_view head) {
    for (const auto length : {head.size() - 1, head.size() / 2, head.size() / 3}) {
        const auto scanned = scan_request_head(head.substr(0, length));
        fuzz::require(scanned.has_value() && !scanned.value());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_refused(bytes);
    const auto scanned = scan_request_head(bytes);
    if (scanned.has_error()) {
        const auto more = std::string(bytes) + "\r\n\r\n";
        fuzz::require(scan_request_head(more).has_error());
    } else if (scanned.value()) {
        check_views(*scanned.value(), bytes);
        check_prefixes(bytes.substr(0, scanned.value()->size()));
        check_decision(*scanned.value());
        check_origin(*scanned.value(), bytes.substr(0, scanned.value()->size()));
        check_preflight(*scanned.value());
        if (const auto checked = check_head(*scanned.value())) check_upstream(*scanned.value(), *checked);
    }
    return 0;
}
