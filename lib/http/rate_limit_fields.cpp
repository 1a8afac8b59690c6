#include "http/rate_limit_fields.hpp"

#include <fmt/format.h>

namespace byot::http {
namespace {

struct policy {
    std::string_view name;
    const rate_limit_state& state;
};

} // namespace

rate_limit_fields::rate_limit_fields(const rate_limit_states& states) noexcept {
    const std::array policies{policy{"user", states.user}, policy{"address", states.address}};
    auto at = text_.begin();
    // One line: its name, then a member for each limit that was asked. `most` has room for the largest
    // numbers.
    const auto write_line = [&](std::string_view name, const auto& write_member) {
        std::string_view before = name;
        for (const auto& one : policies) {
            if (!one.state.is_asked()) continue;
            at = fmt::format_to(at, "{}\"{}\"", before, one.name);
            write_member(one.state);
            before = ", ";
        }
        if (before != name) at = fmt::format_to(at, "\r\n");
    };
    write_line("RateLimit-Policy: ",
               [&](const auto& state) { at = fmt::format_to(at, ";q={};w={}", state.quota, state.window); });
    write_line("RateLimit: ", [&](const auto& state) {
        at = fmt::format_to(at, ";r={};t={}", state.remaining, state.next_in);
    });
    size_ = static_cast<std::size_t>(at - text_.begin());
}

} // namespace byot::http
