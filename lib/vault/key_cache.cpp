#include "vault/key_cache.hpp"

#include "vault/key_cipher.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <list>
#include <new>
#include <unordered_map>
#include <vector>

namespace byot::vault {
namespace {

constexpr std::size_t epoch_count = 1024; // users share epochs: forgetting one may spoil another's read

struct entry {
    user_id who;
    std::string provider;
    cached_key about;
    std::string box;
    steady_time read_at;
};
using entries = std::list<entry>; // the most recently used first

using users = std::unordered_map<user_id, std::vector<entries::iterator>>;

} // namespace

struct key_cache::state {
    std::size_t capacity;
    std::chrono::milliseconds time_to_live;
    key_cipher cipher;
    entries by_use;
    users by_user;
    std::array<std::uint64_t, epoch_count> epochs{};

    std::optional<entries::iterator> locate(const user_id& who, std::string_view provider) {
        const auto user = by_user.find(who);
        if (user == by_user.end()) return std::nullopt;
        const auto is_wanted = [provider](entries::iterator one) { return one->provider == provider; };
        const auto found = std::find_if(user->second.begin(), user->second.end(), is_wanted);
        if (found == user->second.end()) return std::nullopt;
        return *found;
    }

    void drop(entries::iterator which) {
        const auto user = by_user.find(which->who);
        std::erase(user->second, which);
        if (user->second.empty()) by_user.erase(user);
        by_use.erase(which);
    }
};

key_cache::key_cache(std::size_t capacity, std::chrono::milliseconds time_to_live)
    : state_(std::make_unique<state>()) {
    state_->capacity = capacity;
    state_->time_to_live = time_to_live;
}

key_cache::~key_cache() = default;

void key_cache::put(const user_id& who, std::string_view provider, cached_key about, const secret& api_key,
                    steady_time read_at, std::uint64_t epoch) {
    auto& s = *state_;
    if (s.capacity == 0 || s.time_to_live.count() == 0 || epoch != epoch_of(who)) return;
    if (who.canonical().size() + provider.size() > key_cipher::longest_owner) return;
    if (const auto old = s.locate(who, provider)) s.drop(*old);
    if (s.by_use.size() == s.capacity) s.drop(std::prev(s.by_use.end()));
    auto box = s.cipher.encrypt(who, provider, api_key.expose());
    s.by_use.push_front({who, std::string(provider), std::move(about), std::move(box), read_at});
    try {
        s.by_user[s.by_use.front().who].push_back(s.by_use.begin());
    } catch (const std::bad_alloc&) { // not cached, then
        s.by_use.pop_front();
    }
}

std::optional<key_cache::hit> key_cache::find(const user_id& who, std::string_view provider, steady_time now,
                                              wall_time today, std::span<char> out) {
    auto& s = *state_;
    const auto found = s.locate(who, provider);
    if (!found) return std::nullopt;
    const entry& one = **found;
    const bool is_expired = one.about.expires_at && *one.about.expires_at <= today;
    const auto size = is_expired || now - one.read_at >= s.time_to_live
                          ? std::nullopt
                          : s.cipher.decrypt(who, provider, one.box, out);
    if (!size) {
        s.drop(*found);
        return std::nullopt;
    }
    s.by_use.splice(s.by_use.begin(), s.by_use, *found);
    return hit{one.about, *size, one.read_at + s.time_to_live};
}

void key_cache::forget(const user_id& who) {
    auto& s = *state_;
    ++s.epochs[std::hash<user_id>()(who) % epoch_count];
    const auto user = s.by_user.find(who);
    if (user == s.by_user.end()) return;
    for (const auto one : user->second) s.by_use.erase(one);
    s.by_user.erase(user);
}

std::uint64_t key_cache::epoch_of(const user_id& who) const noexcept {
    return state_->epochs[std::hash<user_id>()(who) % epoch_count];
}

std::size_t key_cache::size() const noexcept {
    return state_->by_use.size();
}

} // namespace byot::vault
