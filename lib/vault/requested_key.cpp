#include "vault/requested_key.hpp"

#include "core/secret.hpp"

namespace byot::vault {

requested_key::requested_key(vault& from, locked_slots& slots, const user_id& who, std::string_view provider)
    : from_(from), slot_(slots.take()), who_(who), provider_(provider) {}

bool requested_key::is_current() {
    const auto now = wall_now();
    if (size_ > 0 && from_.is_valid(who_, validity_, now)) return true;
    return find_cached(now);
}

bool requested_key::find_cached(wall_time now) {
    wipe(slot_.bytes().data(), size_);
    size_ = 0;
    const auto hit = from_.find_cached(who_, provider_, now, slot_.bytes());
    if (!hit) return false;
    credential_id_ = hit->about.credential_id;
    validity_ = {from_.epoch_of(who_), hit->good_until, hit->about.expires_at};
    size_ = hit->key_size;
    return true;
}

task<result<void>> requested_key::open() {
    wipe(slot_.bytes().data(), size_);
    size_ = 0;
    user_id who = who_;
    std::string provider(provider_);
    auto opened = co_await from_.open(std::move(who), std::move(provider), wall_now(), slot_.bytes());
    if (opened.has_error()) co_return opened.error();
    credential_id_ = std::move(opened.value().credential_id);
    validity_ = opened.value().validity;
    size_ = opened.value().size;
    co_return result<void>();
}

std::string_view requested_key::text() const noexcept {
    return {slot_.bytes().data(), size_};
}

void requested_key::give_back() noexcept {
    size_ = 0;
    slot_.give_back();
}

} // namespace byot::vault
