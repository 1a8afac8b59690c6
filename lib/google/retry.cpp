#include "google/retry.hpp"

#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace byot::google {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 17> names{
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

/// None for a name that is unknown, and for OK, which no error has.
std::optional<rpc_status> parse_status(std::string_view name) {
    const auto found = std::find(names.begin() + 1, names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<rpc_status>(found - names.begin());
}

std::optional<rpc_status> read_status(const json::value& body) {
    if (body.is_array())
        return body.get_array().empty() ? std::nullopt : read_status(body.get_array().front());
    if (!body.is_object()) return std::nullopt;
    const auto* const error = body.get_object().if_contains("error");
    if (!error || !error->is_object()) return std::nullopt;
    const auto name = string_member(error->get_object(), "status");
    return name ? parse_status(*name) : std::nullopt;
}

struct http_meaning {
    unsigned http_status;
    rpc_status status;
};

// google.rpc.Code's own table, turned round. Two are not taken from it, because only Firestore itself can say
// so: 404 is not NOT_FOUND, which would mean that the document does not exist, but that there is no such
// method at the address; 409 is not ALREADY_EXISTS, which would mean that it does.
constexpr std::array by_http_status{
    http_meaning{200, rpc_status::ok},
    http_meaning{400, rpc_status::invalid_argument},
    http_meaning{401, rpc_status::unauthenticated},
    http_meaning{403, rpc_status::permission_denied},
    http_meaning{404, rpc_status::unimplemented},
    http_meaning{405, rpc_status::unimplemented},
    http_meaning{408, rpc_status::deadline_exceeded},
    http_meaning{409, rpc_status::aborted},
    http_meaning{413, rpc_status::invalid_argument},
    http_meaning{429, rpc_status::resource_exhausted},
    http_meaning{499, rpc_status::cancelled},
    http_meaning{500, rpc_status::internal},
    http_meaning{501, rpc_status::unimplemented},
    http_meaning{502, rpc_status::unavailable},
    http_meaning{503, rpc_status::unavailable},
    http_meaning{504, rpc_status::deadline_exceeded},
};

using end_kind = attempt_end::kind;
using step_kind = retry_step::kind;

constexpr double first_pause = 100; // ms
constexpr double growth = 1.3;
constexpr double longest_pause = 60'000;

/// The server said no before it did anything.
bool is_certainly_not_made(attempt_end end) noexcept {
    return end.what == end_kind::not_sent ||
           (end.what == end_kind::answered &&
            (end.status == rpc_status::resource_exhausted || end.status == rpc_status::aborted));
}

/// The server gave up somewhere on the way, or nobody knows.
bool is_unclear(attempt_end end) noexcept {
    if (end.what != end_kind::answered) return end.what == end_kind::lost;
    switch (end.status) {
    case rpc_status::deadline_exceeded:
    case rpc_status::internal:
    case rpc_status::unavailable:
    case rpc_status::unknown:
        return true;
    default:
        return false;
    }
}

bool is_repeatable(repeatability nature, attempt_end end) noexcept {
    if (is_certainly_not_made(end)) return true;
    return is_unclear(end) && nature != repeatability::unconditional;
}

std::chrono::milliseconds pause_after(unsigned attempts, double jitter) noexcept {
    const double whole = std::min(first_pause * std::pow(growth, attempts - 1), longest_pause);
    return std::chrono::milliseconds(std::lround(whole * (1 - jitter / 2)));
}

/// Deletes what must not be there: changes nothing, and has all of its commit depend on that.
bool is_check(const firestore_write& write) noexcept {
    return write.deletes && write.needs.what == precondition::kind::missing;
}

bool is_ended_by_success(const firestore_write& write) noexcept {
    using kind = precondition::kind;
    return (write.needs.what == kind::missing || write.needs.what == kind::unchanged_since) &&
           write.increments.empty();
}

} // namespace

std::string_view name_of(rpc_status status) noexcept {
    return names[static_cast<std::size_t>(status)];
}

rpc_status classify(unsigned http_status, std::string_view body) {
    if (http_status == 200) return rpc_status::ok;
    const auto answer = parse_json(body);
    const auto said = answer ? read_status(*answer) : std::nullopt;
    if (said) return *said;
    const auto found = std::ranges::find(by_http_status, http_status, &http_meaning::http_status);
    return found == by_http_status.end() ? rpc_status::unknown : found->status;
}

retry_step retry_decision(call_history& history, attempt_end end, steady_time now, double jitter) noexcept {
    ++history.attempts;
    if (is_unclear(end) && history.nature != repeatability::read) history.may_have_been_made = true;
    const bool wants_token = end.what == end_kind::answered && end.status == rpc_status::unauthenticated;
    if (wants_token && !history.has_renewed_token && now < history.limit) {
        history.has_renewed_token = true;
        return {step_kind::again_with_new_token, {}};
    }
    if (!is_repeatable(history.nature, end)) return {};
    const auto pause = pause_after(history.attempts, jitter);
    if (now + pause >= history.limit) return {};
    return {step_kind::again, pause};
}

repeatability nature_of(std::span<const firestore_write> writes) noexcept {
    const auto changes = [](const firestore_write& write) { return !is_check(write); };
    const auto is_repeatable = [](const firestore_write& write) {
        return is_check(write) || is_ended_by_success(write);
    };
    return std::ranges::any_of(writes, changes) && std::ranges::all_of(writes, is_repeatable)
               ? repeatability::conditional
               : repeatability::unconditional;
}

bool is_refusal(attempt_end end) noexcept {
    if (end.what != attempt_end::kind::answered) return false;
    switch (end.status) {
    case rpc_status::failed_precondition:
    case rpc_status::already_exists:
    case rpc_status::not_found:
    case rpc_status::aborted:
        return true;
    default:
        return false;
    }
}

failure failed_call(attempt_end end) {
    std::string message = "Stored keys cannot be reached now: ";
    message.append(name_of(end.status)).append(".");
    return {reason::store_unavailable, std::move(message)};
}

failure unreadable_answer() {
    return {reason::store_unavailable, "Stored keys cannot be read now: the store's answer is malformed."};
}

} // namespace byot::google
