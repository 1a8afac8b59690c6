#include "http/cors.hpp"

#include "http/request_head.hpp"

#include <algorithm>

namespace byot::http {
namespace {

constexpr std::string_view vary = "Vary: Origin\r\n";
constexpr std::string_view vary_of_preflights = "Vary: Origin, Access-Control-Request-Headers\r\n";
constexpr std::string_view exposed =
    "x-genkit-stream-id, x-genkit-trace-id, x-genkit-span-id, "
    "x-byot-credential, x-byot-key-check, x-request-id, retry-after, ratelimit, ratelimit-policy, "
    // A flow's, which no page could read otherwise
    "retry-after-ms, x-should-retry, content-disposition, content-range, etag, location, link, allow, "
    "deprecation, sunset";
constexpr std::string_view always_allowed =
    "authorization, content-type, accept, accept-language, x-byot-provider, x-genkit-stream-id, "
    "x-firebase-appcheck, traceparent, tracestate, baggage";
// Proxies in front hold a head of a few KiB, and browsers ask for a few hundred bytes.
constexpr std::size_t most_echoed = 8 * 1024;
// As long as Chromium keeps it.
constexpr std::string_view max_age = "7200";

std::string allow_origin(const std::string& origin) {
    return "Access-Control-Allow-Origin: " + origin + "\r\n";
}

std::string expose_fields() {
    return "Access-Control-Expose-Headers: " + std::string(exposed) + "\r\n";
}

std::string lower(std::string_view name) {
    std::string text(name);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return text;
}

bool is_listed(std::string_view name) noexcept {
    list_elements listed(always_allowed);
    for (auto each = listed.next(); each; each = listed.next()) {
        if (equals_lower(name, *each)) return true;
    }
    return false;
}

std::string allowed_fields(const request_head& head) {
    std::string names(always_allowed);
    field_lines lines(head, field::access_control_request_headers);
    for (auto line = lines.next(); line; line = lines.next()) {
        list_elements asked(*line);
        for (auto name = asked.next(); name; name = asked.next()) {
            if (token_length(*name) < name->size() || is_listed(*name)) continue;
            if (names.size() + name->size() > always_allowed.size() + most_echoed) return names;
            names.append(", ").append(lower(*name));
        }
    }
    return names;
}

} // namespace

cors_policy::cors_policy(std::vector<std::string> allowed_origins) : allowed_(std::move(allowed_origins)) {
    for (const auto& origin : allowed_) {
        const auto allow = allow_origin(origin);
        lines_.push_back({std::string(vary) + allow + expose_fields(),
                          std::string(vary_of_preflights) + allow + expose_fields()});
    }
}

const cors_policy::origin_lines* cors_policy::find(std::string_view origin) const noexcept {
    const auto found = std::find(allowed_.begin(), allowed_.end(), origin);
    return found == allowed_.end() ? nullptr : &lines_[static_cast<std::size_t>(found - allowed_.begin())];
}

bool cors_policy::allows(std::string_view origin) const noexcept {
    return find(origin) != nullptr;
}

std::string_view cors_policy::fields_for(std::string_view origin) const noexcept {
    const auto* const lines = find(origin);
    return lines ? std::string_view(lines->answers) : vary;
}

std::string_view cors_policy::preflight_fields_for(std::string_view origin) const noexcept {
    const auto* const lines = find(origin);
    return lines ? std::string_view(lines->preflights) : vary_of_preflights;
}

result<response> cors_policy::preflight(const request_head& head, std::string_view allowed_methods) const {
    if (!allows(head.value(field::origin))) return failure(reason::origin_forbidden);
    response answer(204, {});
    answer.fields.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    answer.fields.emplace_back("Access-Control-Allow-Headers", allowed_fields(head));
    answer.fields.emplace_back("Access-Control-Max-Age", max_age);
    return answer;
}

bool cors_policy::is_preflight(const request_head& head) noexcept {
    return head.method() == "OPTIONS" && head.has(field::origin) &&
           head.has(field::access_control_request_method);
}

} // namespace byot::http
