#include "http/cors.hpp"

#include <algorithm>

namespace byot::http {
namespace {

constexpr std::string_view vary = "Vary: Origin\r\n";
constexpr std::string_view exposed =
    "x-genkit-stream-id, x-genkit-trace-id, x-genkit-span-id, "
    "x-byot-credential, x-byot-key-check, x-request-id, retry-after, ratelimit, ratelimit-policy";
constexpr std::string_view allowed_headers =
    "authorization, content-type, accept, accept-language, x-byot-provider, x-genkit-stream-id, "
    "x-firebase-appcheck, traceparent";
// As long as Chromium keeps it.
constexpr std::string_view max_age = "7200";

std::string fields_of(const std::string& origin) {
    std::string lines(vary);
    lines.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
    lines.append("Access-Control-Expose-Headers: ").append(exposed).append("\r\n");
    return lines;
}

} // namespace

cors_policy::cors_policy(std::vector<std::string> allowed_origins) : allowed_(std::move(allowed_origins)) {
    std::transform(allowed_.begin(), allowed_.end(), std::back_inserter(fields_), fields_of);
}

bool cors_policy::allows(std::string_view origin) const noexcept {
    return std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end();
}

std::string_view cors_policy::fields_for(std::string_view origin) const noexcept {
    const auto found = std::find(allowed_.begin(), allowed_.end(), origin);
    if (found == allowed_.end()) return vary;
    return fields_[static_cast<std::size_t>(found - allowed_.begin())];
}

result<response> cors_policy::preflight(std::string_view origin, std::string_view allowed_methods) const {
    if (!allows(origin)) return failure(reason::origin_forbidden);
    response answer(204, {});
    answer.fields.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    answer.fields.emplace_back("Access-Control-Allow-Headers", allowed_headers);
    answer.fields.emplace_back("Access-Control-Max-Age", max_age);
    return answer;
}

bool cors_policy::is_preflight(const request_head& head) noexcept {
    return head.method() == "OPTIONS" && head.has(field::origin) &&
           head.has(field::access_control_request_method);
}

} // namespace byot::http
