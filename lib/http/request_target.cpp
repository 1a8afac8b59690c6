#include "http/request_target.hpp"

#include "http/characters.hpp"

#include <boost/url/ipv6_address.hpp>

#include <algorithm>

namespace byot::http {

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

} // namespace byot::http
