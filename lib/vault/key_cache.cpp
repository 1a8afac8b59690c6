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

constexpr std::size_t longest_uid = 512;
constexpr std::size_t epoch_count = 1024; // users share epochs: forgetting one may spoil another's read

struct entry {
    std::string uid;
    std::string provider;
    cached_key about;
    std::string box;
    steady_time read_at;
};
using entries = std::list<entry>; // the most recently used first

// Lets a map of strings be asked with a view.
struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
        return std::hash<std::string_view>()(text);
    }
};
using users = std::unordered_map<std::string, std::vector<entries::iterator>, text_hash, std::equal_to<>>;

} // namespace

struct key_cache::state {
    std::size_t capacity;
    std::chrono::milliseconds time_to_live;
    key_cipher cipher;
    entries by_use;
    users by_uid;
    std::array<std::uint64_t, epoch_count> epochs{};

    std::optional<entries::iterator> locate(std::string_view uid, std::string_view provider) {
        const auto user = by_uid.find(uid);
        if (user == by_uid.end()) return std::nullopt;
        const auto is_wanted = [provider](entries::iterator one) { return one->provider == provider; };
        const auto found = std::find_if(user->second.begin(), user->second.end(), is_wanted);
        if (found == user->second.end()) return std::nullopt;
        return *found;
    }

    void drop(entries::iterator which) {
        const auto user = by_uid.find(which->uid);
        std::erase(user->second, which);
        if (user->second.empty()) by_uid.erase(user);
        by_use.erase(which);
    }
};

key_cache::key_cache(std::size_t capacity, std::chrono::milliseconds time_to_live)
    : state_(std::make_unique<state>()) {
    state_->capacity = capacity;
    state_->time_to_live = time_to_live;
}

key_cache::~key_cache() = default;

void key_cache::put(std::string_view uid, std::string_view provider, cached_key about, const secret& api_key,
                    steady_time read_at, std::uint64_t epoch) {
    auto& s = *state_;
    if (s.capacity == 0 || s.time_to_live.count() == 0 || epoch != epoch_of(uid)) return;
    if (uid.size() > longest_uid || uid.size() + provider.size() > key_cipher::longest_owner) return;
    if (const auto old = s.locate(uid, provider)) s.drop(*old);
    if (s.by_use.size() == s.capacity) s.drop(std::prev(s.by_use.end()));
    auto box = s.cipher.encrypt(uid, provider, api_key.expose());
    s.by_use.push_front({std::string(uid), std::string(provider), std::move(about), std::move(box), read_at});
    try {
        s.by_uid[s.by_use.front().uid].push_back(s.by_use.begin());
    } catch (const std::bad_alloc&) { // not cached, then
        s.by_use.pop_front();
    }
}

std::optional<key_cache::hit> key_cache::find(std::string_view uid, std::string_view provider,
                                              steady_time now, wall_time today, std::span<char> out) {
    auto& s = *state_;
    const auto found = s.locate(uid, provider);
    if (!found) return std::nullopt;
    const entry& one = **found;
    const bool is_expired = one.about.expires_at && *one.about.expires_at <= today;
    const auto size = is_expired || now - one.read_at >= s.time_to_live
                          ? std::nullopt
                          : s.cipher.decrypt(uid, provider, one.box, out);
    if (!size) {
        s.drop(*found);
        return std::nullopt;
    }
    s.by_use.splice(s.by_use.begin(), s.by_use, *found);
    return hit{one.about, *size};
}

void key_cache::forget(std::string_view uid) {
    auto& s = *state_;
    ++s.epochs[text_hash()(uid) % epoch_count];
    const auto user = s.by_uid.find(uid);
    if (user == s.by_uid.end()) return;
    for (const auto one : user->second) s.by_use.erase(one);
    s.by_uid.erase(user);
}

std::uint64_t key_cache::epoch_of(std::string_view uid) const noexcept {
    return state_->epochs[text_hash()(uid) % epoch_count];
}

std::size_t key_cache::size() const noexcept {
    return state_->by_use.size();
}

} // namespace byot::vault
