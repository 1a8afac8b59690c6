#include "http/characters.hpp"
#include "http/request_head.hpp"

#include <array>

namespace byot::http {

namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, field_count> names = {
    "accept",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "origin",
    "traceparent",
    "transfer-encoding",
    "x-byot-provider",
    "x-cloud-trace-context",
    "x-firebase-appcheck",
    "x-forwarded-for",
    "x-genkit-stream-id",
};

constexpr std::size_t longest_name = 30;
constexpr std::size_t most_of_a_length = 3;

// The length alone tells almost all names apart, and most fields of a browser have none of these lengths.
constexpr auto by_length = [] {
    std::array<std::array<field, most_of_a_length>, longest_name + 1> table{};
    for (auto& candidates : table) candidates.fill(field::unknown);
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto& candidates = table.at(names[i].size());
        std::size_t slot = 0;
        while (candidates.at(slot) != field::unknown) ++slot;
        candidates.at(slot) = static_cast<field>(i);
    }
    return table;
}();

} // namespace

field find_field(std::string_view name) noexcept {
    if (name.size() > longest_name) return field::unknown;
    for (const auto candidate : by_length[name.size()]) {
        if (candidate == field::unknown) break;
        if (equals_lower(name, names[static_cast<std::size_t>(candidate)])) return candidate;
    }
    return field::unknown;
}

} // namespace byot::http
