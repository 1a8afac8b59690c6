#include "http/characters.hpp"
#include "http/request_head.hpp"

#include <array>

namespace byot::http {

namespace {

struct field_row {
    std::string_view name;
    repetition several;
};

// In the order of the enumeration.
constexpr std::array<field_row, field_count> rows = {{
    {"accept", repetition::joined},                         // RFC 9110 §12.5.1
    {"accept-language", repetition::joined},                // §12.5.4
    {"access-control-request-headers", repetition::joined}, // Fetch standard §3.3.3
    {"access-control-request-method", repetition::refused}, // the same: one method
    {"authorization", repetition::refused},                 // RFC 9110 §11.6.2
    {"baggage", repetition::joined},                        // W3C Baggage §3.2
    {"connection", repetition::joined},                     // RFC 9110 §7.6.1
    {"content-encoding", repetition::joined},               // §8.4
    {"content-length", repetition::refused},                // §8.6
    {"content-type", repetition::refused},                  // §8.3
    {"expect", repetition::joined},                         // §10.1.1
    {"host", repetition::refused},                          // RFC 9112 §3.2
    {"origin", repetition::refused},                        // RFC 6454 §7.1
    {"traceparent", repetition::ignored},                   // W3C Trace Context §3.2: no request fails for it
    {"tracestate", repetition::joined},                     // §3.3.1.1
    {"transfer-encoding", repetition::refused},             // a list, but chunked alone is understood
    {"x-byot-provider", repetition::refused},
    {"x-cloud-trace-context", repetition::ignored},
    {"x-firebase-appcheck", repetition::refused},
    {"x-forwarded-authorization", repetition::ignored}, // refused by who takes tokens from it
    {"x-forwarded-for", repetition::joined},
    {"x-genkit-stream-id", repetition::refused},
}};

constexpr const field_row& row_of(field known) noexcept {
    return rows[static_cast<std::size_t>(known)];
}

constexpr std::size_t longest_name = 30;
constexpr std::size_t most_of_a_length = 3;

// The length alone tells almost all names apart, and most fields of a browser have none of these lengths.
constexpr auto by_length = [] {
    std::array<std::array<field, most_of_a_length>, longest_name + 1> table{};
    for (auto& candidates : table) candidates.fill(field::unknown);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& candidates = table.at(rows[i].name.size());
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
        if (equals_lower(name, row_of(candidate).name)) return candidate;
    }
    return field::unknown;
}

std::string_view name_of(field known) noexcept {
    return row_of(known).name;
}

repetition repetition_of(field known) noexcept {
    return row_of(known).several;
}

} // namespace byot::http
