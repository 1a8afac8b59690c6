// What the scanner says of some bytes it does not take back when more arrive, and all it gives out are views
// into them.

#include "fuzz/require.hpp"
#include "http/check_head.hpp"
#include "http/request_head.hpp"

#include <cstdint>
#include <string>

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

void check_prefixes(std::string_view head) {
    for (const auto length : {head.size() - 1, head.size() / 2, head.size() / 3}) {
        const auto scanned = scan_request_head(head.substr(0, length));
        fuzz::require(scanned.has_value() && !scanned.value());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto scanned = scan_request_head(bytes);
    if (scanned.has_error()) {
        const auto more = std::string(bytes) + "\r\n\r\n";
        fuzz::require(scan_request_head(more).has_error());
    } else if (scanned.value()) {
        check_views(*scanned.value(), bytes);
        check_prefixes(bytes.substr(0, scanned.value()->size()));
        check_decision(*scanned.value());
    }
    return 0;
}
