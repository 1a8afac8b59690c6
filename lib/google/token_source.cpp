#include "google/token_source.hpp"

#include <algorithm>

namespace byot::google {
namespace {

using namespace std::chrono_literals;
using net::fetch_step;

/// Google's metadata server gives out a new token from 5 minutes before the old one ends, so not earlier
/// (https://cloud.google.com/compute/docs/access/authenticate-workloads).
constexpr std::chrono::milliseconds usual_lead = 225s;
/// A clock that stands this much before the last success was set back since; what it says of the expiry is
/// not to be trusted for long.
constexpr std::chrono::milliseconds set_back = 1min;

/// A short-lived one is fetched anew in the middle of the time in which it may be handed out.
std::chrono::milliseconds lead_of(const known_token& known) noexcept {
    const auto life = known.expires_at - known.fetched_at;
    return std::min<std::chrono::milliseconds>(usual_lead, (life + token_source::least_left) / 2);
}

bool is_due(const known_token& known, wall_time now) noexcept {
    return now >= known.expires_at - lead_of(known) || known.was_set_back(set_back, now);
}

} // namespace

bool token_rules::is_usable(const known_token& known, wall_time now) noexcept {
    return known.value && now + token_source::least_left <= known.expires_at;
}

fetch_step token_rules::before_fetch(const known_token& known, wanted, wall_time now) noexcept {
    if (!is_usable(known, now)) return known.may_attempt(now) ? fetch_step::fetch : fetch_step::give_up;
    return is_due(known, now) && known.may_attempt(now) ? fetch_step::use_and_fetch : fetch_step::use;
}

fetch_step token_rules::after_fetch(const known_token& known, wanted, wall_time now) noexcept {
    return is_usable(known, now) ? fetch_step::use : fetch_step::give_up;
}

bool token_rules::answers(const known_token& known, wanted, wall_time now) noexcept {
    return is_usable(known, now);
}

void token_rules::note_refusal(known_token& known, const secret& refused, wall_time now) noexcept {
    const bool is_it = known.value && known.value->expose() == refused.expose();
    if (!is_it || known.was_forced(token_source::refusal_interval, now)) return;
    known.value = nullptr;
    known.forced_at = now;
}

std::chrono::milliseconds token_rules::refresh_delay(const known_token& known, wall_time now,
                                                     double jitter) noexcept {
    if (!known.value || known.was_set_back(set_back, now)) return known.delay(now, now);
    const std::chrono::duration<double, std::milli> lead = lead_of(known) * (1 + 0.2 * jitter);
    return known.delay(known.expires_at - std::chrono::duration_cast<std::chrono::milliseconds>(lead), now);
}

fetched_token token_rules::read_issued(issued_token issued, wall_time now) {
    if (issued.text.empty() || issued.expires_at < now + token_source::least_left) return {};
    return {std::make_shared<const secret>(std::move(issued.text)), issued.expires_at};
}

task<fetched_token> token_rules::fetch(steady_time limit, wall_time now) {
    auto issued = co_await issue_(limit);
    fetched_token brought;
    if (issued) brought = read_issued(std::move(*issued), now);
    co_return brought;
}

token_source::token_source(net::reactor& home, issue_token issue)
    : token_(home, token_rules(std::move(issue))) {}

task<result<std::shared_ptr<const secret>>> token_source::token(net::reactor& here, wall_time now) {
    auto token = co_await token_.get(here, std::monostate(), now);
    if (!token) {
        co_return failure(reason::identity_unavailable,
                          "This service's own Google token cannot be had at the moment.");
    }
    co_return token;
}

std::shared_ptr<const secret> token_source::current(wall_time now) const noexcept {
    auto known = token_.seen();
    return token_rules::is_usable(known, now) ? std::move(known.value) : nullptr;
}

void token_source::refuse(const secret& refused, wall_time now) {
    token_.update([&](known_token& known) { token_rules::note_refusal(known, refused, now); });
}

void token_source::keep_fresh() {
    token_.keep_fresh();
}

void token_source::stop() {
    token_.stop();
}

task<void> token_source::settle() {
    return token_.settle();
}

bool token_source::is_ready() const noexcept {
    return current(wall_now()) != nullptr;
}

std::uint64_t token_source::fetches() const noexcept {
    return token_.fetches();
}

} // namespace byot::google
