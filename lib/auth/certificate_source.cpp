#include "auth/certificate_source.hpp"

#include "core/encoding.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

using namespace std::chrono_literals;
using net::fetch_step;

constexpr std::size_t largest_answer = std::size_t{256} * 1024;
constexpr std::chrono::seconds least_age = 1min;
constexpr std::chrono::seconds most_age = 24h;
/// How far a clock may be put right without a doubt about the age of what was fetched before. A set from
/// further in the future is of an unknown age: it would be trusted until the clock is there again, for ever
/// after a large step.
constexpr std::chrono::minutes clock_correction = 5min;

constexpr std::int64_t longest = 2147483648; // RFC 9111 §1.2.2: so much stands for anything larger

std::string_view trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Where the directive at the front ends: at the first comma outside a quoted string.
std::size_t directive_end(std::string_view list) noexcept {
    bool is_quoted = false;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (is_quoted && list[at] == '\\') {
            ++at;
        } else if (list[at] == '"') {
            is_quoted = !is_quoted;
        } else if (list[at] == ',' && !is_quoted) {
            return at;
        }
    }
    return list.size();
}

std::int64_t parse_delta_seconds(std::string_view digits) noexcept {
    std::int64_t seconds = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return 0;
        seconds = std::min(seconds * 10 + (c - '0'), longest);
    }
    return seconds;
}

bool is_fresh(const known_certificates& known, wall_time now) noexcept {
    return known.value && !known.was_set_back(clock_correction, now) && now <= known.expires_at;
}

bool has(const known_certificates& known, std::string_view kid) {
    return known.value && known.value->contains(kid);
}

} // namespace

bool certificate_rules::is_usable(const known_certificates& known, wall_time now) noexcept {
    return known.value && !known.was_set_back(clock_correction, now) &&
           now <= known.expires_at + certificate_source::grace;
}

fetch_step certificate_rules::before_fetch(const known_certificates& known, std::string_view kid,
                                           wall_time now) {
    const bool is_known = has(known, kid);
    if (is_known && is_fresh(known, now)) return fetch_step::use;
    if (is_known && is_usable(known, now) && known.failures > 0) {
        return known.may_attempt(now) ? fetch_step::use_and_fetch : fetch_step::use;
    }
    const bool was_just_searched = known.was_forced(certificate_source::unknown_kid_interval, now);
    if (!is_known && is_fresh(known, now) && was_just_searched) return after_fetch(known, kid, now);
    return known.may_attempt(now) ? fetch_step::fetch : fetch_step::give_up;
}

fetch_step certificate_rules::after_fetch(const known_certificates& known, std::string_view kid,
                                          wall_time now) {
    if (!is_usable(known, now)) return fetch_step::give_up;
    // A kid that the last good answer lacked may be in the one that could not be had: not the token's fault.
    return known.failures == 0 || has(known, kid) ? fetch_step::use : fetch_step::give_up;
}

bool certificate_rules::answers(const known_certificates& known, std::string_view kid, wall_time) {
    return has(known, kid);
}

bool certificate_rules::is_forced(const known_certificates& known, std::string_view kid) {
    return known.value && !has(known, kid);
}

std::chrono::milliseconds certificate_rules::refresh_delay(const known_certificates& known, wall_time now,
                                                           double jitter) noexcept {
    if (!known.value || known.was_set_back(clock_correction, now)) return known.delay(now, now);
    const std::chrono::duration<double, std::milli> age = known.expires_at - known.fetched_at;
    const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(age * (0.8 - 0.08 * jitter));
    return known.delay(known.fetched_at + wait, now);
}

fetched_certificates certificate_rules::read_answer(const http::client_answer& answer, wall_time now) {
    if (answer.status != 200) return {};
    const auto age = std::clamp(parse_max_age(answer.field("cache-control")), least_age, most_age);
    return {parse_certificates(answer.body), now + age};
}

task<fetched_certificates> certificate_rules::fetch(steady_time limit, wall_time now) {
    http::client_request request;
    request.address = address_;
    request.fields.emplace_back("accept", "application/json");
    request.limit = limit;
    request.max_body = largest_answer;
    const auto answer = co_await http::fetch(*pool_, std::move(request));
    fetched_certificates certificates;
    if (answer) certificates = read_answer(*answer, now);
    co_return certificates;
}

certificate_source::certificate_source(net::reactor& home, net::connection_pool& pool, url address)
    : certificates_(home, certificate_rules(pool, std::move(address))) {}

task<result<std::shared_ptr<const public_keys>>>
certificate_source::keys_for(net::reactor& here, std::string kid, wall_time now) {
    auto keys = co_await certificates_.get(here, kid, now);
    if (!keys) {
        co_return failure(reason::identity_unavailable,
                          "The issuer's signing certificates cannot be had at the moment.");
    }
    co_return keys;
}

void certificate_source::keep_fresh() {
    certificates_.keep_fresh();
}

void certificate_source::stop() {
    certificates_.stop();
}

task<void> certificate_source::settle() {
    return certificates_.settle();
}

bool certificate_source::is_ready() const noexcept {
    return certificate_rules::is_usable(certificates_.seen(), wall_now());
}

std::optional<wall_time> certificate_source::fetched_at() const noexcept {
    const auto seen = certificates_.seen();
    return seen.value ? std::optional(seen.fetched_at) : std::nullopt;
}

std::uint64_t certificate_source::fetches() const noexcept {
    return certificates_.fetches();
}

std::chrono::seconds parse_max_age(std::string_view cache_control) noexcept {
    constexpr std::string_view name = "max-age=";
    while (!cache_control.empty()) {
        const auto end = directive_end(cache_control);
        const auto directive = trim(cache_control.substr(0, end));
        if (equals_ignoring_case(directive.substr(0, name.size()), name)) {
            return std::chrono::seconds(parse_delta_seconds(directive.substr(name.size())));
        }
        cache_control.remove_prefix(std::min(end + 1, cache_control.size()));
    }
    return std::chrono::seconds(0);
}

} // namespace byot::auth
