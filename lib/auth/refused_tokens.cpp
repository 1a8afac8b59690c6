#include "auth/refused_tokens.hpp"

namespace byot::auth {

std::size_t refused_tokens::place_of(const token_digest& token) noexcept {
    return token_digest_hash()(token) % places;
}

bool refused_tokens::contains(const token_digest& token, wall_time now) const noexcept {
    const auto& held = (*entries_)[place_of(token)];
    return held.token == token && now < held.until && held.until - now <= memory;
}

void refused_tokens::remember(const token_digest& token, wall_time now) noexcept {
    (*entries_)[place_of(token)] = entry{token, now + memory};
}

} // namespace byot::auth
