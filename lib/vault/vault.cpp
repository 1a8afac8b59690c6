#include "vault/vault.hpp"

#include "vault/vault_state.hpp"

#include <algorithm>
#include <new>

namespace byot::vault {

vault::state::state(net::reactor& here_, std::shared_ptr<vault_peers> peers_, key_store& store_,
                    std::shared_ptr<live_keyring> ring_, vault_settings settings)
    : here(here_), peers(std::move(peers_)), store(store_), ring(std::move(ring_)),
      time_to_live(settings.time_to_live), cache(settings.cached_keys, settings.time_to_live),
      loads(here, store, settings.time_to_live.count() > 0) {
    peers->join(here, cache);
}

vault::state::~state() {
    peers->leave(cache);
}

vault::vault(net::reactor& here, std::shared_ptr<vault_peers> peers, key_store& store,
             std::shared_ptr<live_keyring> ring, vault_settings settings)
    : state_(std::make_unique<state>(here, std::move(peers), store, std::move(ring), settings)) {}

vault::~vault() = default;

std::shared_ptr<const keyring> vault::ring() const {
    return state_->ring->current();
}

task<void> vault::refresh_ring() {
    return state_->ring->refresh(state_->here);
}

task<result<bool>> vault::remove(user_id who, std::string provider) {
    auto removed = co_await state_->store.remove(state_->here, who, std::move(provider));
    // Whatever the store said: a write whose answer was lost may have been made.
    co_await state_->peers->forget(state_->here, std::move(who));
    co_return removed;
}

task<result<std::vector<key_record>>> vault::list(user_id who) {
    auto records = co_await state_->store.load(state_->here, std::move(who));
    if (records) {
        const auto comes_first = [](const key_record& a, const key_record& b) {
            return a.provider < b.provider;
        };
        std::sort(records->begin(), records->end(), comes_first);
    }
    co_return records;
}

task<result<bool>> vault::change_state(user_id who, std::string provider, std::string credential_id,
                                       key_state new_state, wall_time now) {
    key_change change;
    change.provider = std::move(provider);
    change.credential_id = std::move(credential_id);
    change.state = new_state;
    change.last_checked_at = now;
    auto changed = co_await state_->store.change(state_->here, who, std::move(change));
    co_await state_->peers->forget(state_->here, std::move(who));
    co_return changed;
}

void vault::note_state(const user_id& who, std::string_view provider, std::string_view credential_id,
                       key_state told, wall_time now) noexcept {
    try {
        user_id whose(who);
        std::string of(provider);
        std::string which(credential_id);
        spawn(write_state(std::move(whose), std::move(of), std::move(which), told, now));
    } catch (const std::bad_alloc&) { // the upstream says it again
    }
}

task<void> vault::write_state(user_id who, std::string provider, std::string credential_id, key_state told,
                              wall_time now) {
    ++state_->states_being_written;
    try {
        (void)co_await change_state(std::move(who), std::move(provider), std::move(credential_id), told, now);
    } catch (const std::bad_alloc&) {
    }
    --state_->states_being_written;
    state_->settled.notify();
}

task<void> vault::settle() {
    while (!state_->being_written.empty() || state_->states_being_written > 0)
        co_await state_->settled.wait();
}

} // namespace byot::vault
