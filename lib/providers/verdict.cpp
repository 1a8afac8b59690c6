#include "providers/verdict.hpp"

#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace byot::providers {
namespace {

using boost::json::object;

/// A provider's word for "no" that is not about the key: a member of its error and what the member begins
/// with.
struct excuse {
    std::string_view provider;
    std::string_view member;
    std::string_view text;
};
constexpr std::array excuses{
    excuse{"googleai", "reason",
           "API_KEY_IP_ADDRESS_BLOCKED"}, // who uses the key has another address than we
    excuse{"openai", "code", "unsupported_country_region_territory"},
    // A restricted key that may ask models but not list them. Known by its sentence: no code for it is
    // documented.
    excuse{"openai", "message", "You have insufficient permissions for this operation. Missing scopes"},
    // Undocumented: what callers in other countries report; a key's own lack is `permission_error`.
    excuse{"anthropic", "type", "forbidden"},
};

std::string text_of(const object& from, std::string_view name) {
    return std::string(string_member(from, name).value_or(""));
}

/// The reason in google.rpc.ErrorInfo, which comes beside other details.
std::string reason_in(const object& error) {
    const auto* const details = error.if_contains("details");
    if (!details || !details->is_array()) return {};
    for (const auto& each : details->get_array()) {
        const auto* const detail = each.if_object();
        if (auto found = detail ? text_of(*detail, "reason") : std::string(); !found.empty()) return found;
    }
    return {};
}

std::optional<object> error_in(std::string_view body) {
    const auto answer = parse_json_object(body);
    const auto* const error = answer ? answer->if_contains("error") : nullptr;
    if (!error || !error->is_object()) return std::nullopt;
    return error->get_object();
}

bool is_excused(std::string_view provider, const object& error) {
    return std::any_of(excuses.begin(), excuses.end(), [&](const excuse& each) {
        if (each.provider != provider) return false;
        const auto said = each.member == "reason" ? reason_in(error) : text_of(error, each.member);
        return said.starts_with(each.text);
    });
}

/// Google answers a key that it does not know as it answers a malformed request; ours is well formed.
bool is_googles_refusal(const object& error) {
    return reason_in(error) == "API_KEY_INVALID" || text_of(error, "status") == "INVALID_ARGUMENT";
}

} // namespace

std::string_view name_of(verdict said) noexcept {
    constexpr std::array<std::string_view, 4> names{"accepted", "refused", "exhausted", "unreachable"};
    return names[static_cast<std::size_t>(said)];
}

verdict judge(std::string_view provider, unsigned status, std::string_view body) {
    const auto refused_if = [](bool is_so) { return is_so ? verdict::refused : verdict::unreachable; };
    switch (status) {
    case 200:
        return verdict::accepted;
    case 402:
    case 429:
        return verdict::exhausted;
    case 400: {
        const auto error = error_in(body);
        return refused_if(provider == "googleai" && error && is_googles_refusal(*error));
    }
    case 401:
    case 403: {
        const auto error = error_in(body);
        return refused_if(!error || !is_excused(provider, *error));
    }
    default:
        return verdict::unreachable;
    }
}

} // namespace byot::providers
