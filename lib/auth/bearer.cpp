#include "auth/bearer.hpp"

#include "core/encoding.hpp"

#include <algorithm>

namespace byot::auth {
namespace {

constexpr bool is_token_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
}

/// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
bool is_b64token(std::string_view text) noexcept {
    std::size_t end = 0;
    while (end < text.size() && is_token_character(text[end])) ++end;
    return end > 0 && text.find_first_not_of('=', end) == std::string_view::npos;
}

} // namespace

result<std::string_view> bearer_token(std::string_view authorization) {
    if (authorization.empty()) return failure(reason::token_missing);
    const auto space = authorization.find(' ');
    if (!equals_ignoring_case(authorization.substr(0, space), "bearer")) {
        return failure(reason::token_missing,
                       "The Authorization field must be \"Bearer\", a space and a Firebase ID token.");
    }
    const auto begin = authorization.find_first_not_of(' ', std::min(space, authorization.size()));
    if (begin == std::string_view::npos) {
        return failure(reason::token_missing,
                       "The Authorization field says Bearer, but no token follows; was the user signed in?");
    }
    const auto token = authorization.substr(begin);
    if (!is_b64token(token)) {
        return failure(
            reason::token_invalid,
            "Spaces and then one token must follow \"Bearer\", without white space or a comma in it.");
    }
    return token;
}

} // namespace byot::auth
