#include "vault/vault_state.hpp"

#include <algorithm>
#include <new>

namespace byot::vault {
namespace {

// How often a read is repeated because the user's keys were changed meanwhile.
constexpr int most_reads = 8;

failure without_key(reason why, const std::string& provider) {
    return failure(why).with("provider", provider);
}

opened_key to_opened(const key_cache::hit& hit, std::uint64_t epoch) {
    const key_validity validity{epoch, hit.good_until, hit.about.expires_at};
    return {hit.about.credential_id, hit.about.state, hit.key_size, validity};
}

const key_record* find_record(const std::vector<key_record>& records, const std::string& provider) {
    const auto is_wanted = [&](const key_record& record) { return record.provider == provider; };
    const auto found = std::find_if(records.begin(), records.end(), is_wanted);
    return found == records.end() ? nullptr : &*found;
}

} // namespace

std::optional<key_cache::hit> vault::find_cached(const user_id& who, std::string_view provider, wall_time now,
                                                 std::span<char> out) {
    return state_->cache.find(who, provider, steady_now(), now, out);
}

std::uint64_t vault::epoch_of(const user_id& who) const noexcept {
    return state_->cache.epoch_of(who);
}

bool vault::is_valid(const user_id& who, const key_validity& seen, wall_time now) const noexcept {
    const bool is_expired = seen.expires_at && *seen.expires_at <= now;
    return seen.epoch == epoch_of(who) && steady_now() < seen.good_until && !is_expired;
}

task<result<opened_key>> vault::open(user_id who, std::string provider, wall_time now, std::span<char> out) {
    auto& s = *state_;
    bool is_ring_fresh = false;
    for (int reads = 0; reads < most_reads; ++reads) {
        const auto epoch = s.cache.epoch_of(who);
        if (const auto hit = find_cached(who, provider, now, out)) co_return to_opened(*hit, epoch);
        const auto loaded = co_await s.loads.load(who, epoch);
        const auto& records = *loaded->answer;
        if (!records) co_return records.error();
        // Removed or replaced while it was read: what was read must not be used any more.
        if (s.cache.epoch_of(who) != epoch) continue;
        // Whoever waited with us may have opened it.
        if (const auto hit = find_cached(who, provider, now, out)) co_return to_opened(*hit, epoch);
        const auto* const record = find_record(*records, provider);
        if (!record) co_return without_key(reason::key_required, provider);
        if (!is_ring_fresh && s.is_of_unknown_entry(*record)) {
            co_await s.ring->refresh(s.here);
            is_ring_fresh = true;
            continue;
        }
        co_return s.open_loaded(who, *record, loaded->began_at, now, out);
    }
    co_return failure(reason::store_unavailable);
}

task<result<opened_key>> vault::open_stored(user_id who, std::string provider, wall_time now,
                                            std::span<char> out) {
    const auto epoch = epoch_of(who);
    const auto records = co_await state_->store.load(state_->here, who);
    if (!records) co_return records.error();
    const auto* const record = find_record(*records, provider);
    if (!record) co_return without_key(reason::key_required, provider);
    if (state_->is_of_unknown_entry(*record)) co_await state_->ring->refresh(state_->here);
    const auto api_key = state_->open_current(who, *record, now);
    if (!api_key) co_return api_key.error();
    std::ranges::copy(api_key->expose(), out.begin());
    opened_key opened;
    opened.credential_id = record->credential_id;
    opened.state = record->state;
    opened.size = api_key->size();
    opened.validity = {epoch, steady_now() + shortest_use, record->expires_at};
    co_return opened;
}

bool vault::state::is_of_unknown_entry(const key_record& record) const {
    return record.state != key_state::undecryptable && is_entry_id(record.key_id) &&
           !ring->current()->find(record.key_id);
}

result<secret> vault::state::open_current(const user_id& who, const key_record& record, wall_time now) {
    if (state_at(record, now) == key_state::expired) return without_key(reason::key_expired, record.provider);
    auto api_key = open_record(*ring->current(), who, record);
    if (api_key) return api_key;
    if (api_key.error().why() != reason::key_required)
        return refuse(who, record, key_state::undecryptable, failure(reason::key_undecryptable));
    std::string message = "What is stored is no possible key, so store it again. ";
    message += api_key.error().message();
    return refuse(who, record, key_state::rejected, failure(reason::key_required, std::move(message)));
}

result<opened_key> vault::state::open_loaded(const user_id& who, const key_record& record,
                                             steady_time read_at, wall_time now, std::span<char> out) {
    const auto api_key = open_current(who, record, now);
    if (!api_key) return api_key.error();
    note_use(who, record, now);
    // It does open: another instance with an older keyring must have said that it does not.
    const auto now_state = record.state == key_state::undecryptable ? key_state::unverified : record.state;
    cached_key about{record.credential_id, now_state, record.expires_at};
    cache.put(who, record.provider, std::move(about), *api_key, read_at, cache.epoch_of(who));
    std::ranges::copy(api_key->expose(), out.begin());
    const auto good_until = std::max(read_at + time_to_live, steady_now() + shortest_use);
    const key_validity validity{cache.epoch_of(who), good_until, record.expires_at};
    return opened_key{record.credential_id, now_state, api_key->size(), validity};
}

failure vault::state::refuse(const user_id& who, const key_record& record, key_state as, failure why) {
    const auto now_ring = ring->current();
    const auto* const entry = now_ring->find(record.key_id);
    const bool is_ours_to_open = !entry || !entry->box_secret.empty();
    if (is_ours_to_open && record.state != as) {
        key_change change;
        change.provider = record.provider;
        change.credential_id = record.credential_id;
        change.state = as;
        change.version = record.version;
        write_later(who, std::move(change));
    }
    return std::move(why).with("provider", record.provider);
}

void vault::state::note_use(const user_id& who, const key_record& record, wall_time now) {
    key_change change;
    change.provider = record.provider;
    change.credential_id = record.credential_id;
    change.version = record.version;
    if (uses.is_due(record, now)) change.last_used_at = now;
    if (record.state == key_state::undecryptable) change.state = key_state::unverified;
    if (change.last_used_at || change.state) write_later(who, std::move(change));
}

void vault::state::write_later(const user_id& who, key_change what) {
    std::string credential_id;
    try {
        credential_id = what.credential_id;
        if (!being_written.insert(credential_id).second) return;
        spawn(write(who, credential_id, std::move(what)));
    } catch (const std::bad_alloc&) { // no fault of the request that taught it
        being_written.erase(credential_id);
    }
}

task<void> vault::state::write(user_id who, std::string credential_id, key_change what) {
    // A failure has nobody to go to; the next use after the next read tries again.
    try {
        const auto written = co_await store.change(here, std::move(who), std::move(what));
        static_cast<void>(written);
    } catch (const std::bad_alloc&) {
    }
    being_written.erase(credential_id);
    if (being_written.empty()) settled.notify();
}

} // namespace byot::vault
