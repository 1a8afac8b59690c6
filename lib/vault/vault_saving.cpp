#include "core/encoding.hpp"
#include "vault/vault_state.hpp"

#include <algorithm>

namespace byot::vault {
namespace {

constexpr std::size_t shortest_box = 48; // a sealed box of nothing
constexpr std::size_t longest_box = 8192;
constexpr std::size_t longest_hint = 4;
/// How often a key is sealed when the entry was taken out of the keyring meanwhile.
constexpr int most_saves = 2;

failure invalid(std::string field, std::string message) {
    return failure(reason::field_invalid, std::move(message)).with("field", std::move(field));
}

failure entry_not_in_use() {
    return invalid("keyId", "keyId names no public key in use; fetch the current one and seal again.");
}

failure no_key(std::string field, std::string_view fault) {
    std::string message = "A key is 1 to 4096 visible ASCII characters without spaces. ";
    return invalid(std::move(field), message.append(fault));
}

/// Behind a blank that was pasted with the key are three of its characters.
bool is_possible_hint(std::string_view given) {
    const auto hint = without_blanks(given);
    const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
    return hint.size() <= longest_hint && hint.empty() == given.empty() &&
           std::all_of(hint.begin(), hint.end(), is_visible);
}

result<secret> examine_plain(const save_request& request) {
    const auto api_key = without_blanks(request.api_key.expose());
    if (const auto fault = fault_of_key(api_key); !fault.empty()) return no_key("apiKey", fault);
    return secret::copy_of(api_key);
}

result<secret> examine_sealed(const keyring& ring, const user_id& who, const save_request& request) {
    const auto* const entry = ring.find(request.key_id);
    if (!entry || !entry->is_active) return entry_not_in_use();
    if (request.sealed.size() < shortest_box || request.sealed.size() > longest_box) {
        return invalid("sealedKey", "sealedKey must decode to 48 to 8192 bytes.");
    }
    if (!is_possible_hint(request.hint)) {
        return invalid("hint", "hint must be at most 4 visible ASCII characters.");
    }
    if (entry->box_secret.empty()) return secret();
    auto opened = open_sealed(*entry, who, request.provider, request.sealed);
    if (!opened && opened.error().why() == reason::key_required)
        return no_key("sealedKey", opened.error().message());
    if (!opened) return invalid("sealedKey", "sealedKey was not sealed for this user, provider and keyId.");
    return opened;
}

key_record make_record(const keyring& ring, const user_id& who, const save_request& request,
                       const secret& api_key, wall_time now) {
    const bool is_sealed = !request.sealed.empty();
    const auto& entry = is_sealed ? *ring.find(request.key_id) : ring.newest();
    key_record record;
    record.provider = request.provider;
    record.credential_id = "cred_" + random_alphanumeric(16);
    record.sealed = is_sealed ? request.sealed : seal_key(entry, who, request.provider, api_key);
    record.hint = is_sealed ? std::string(without_blanks(request.hint)) : hint_of(api_key);
    record.state = request.state;
    record.created_at = now;
    record.updated_at = now;
    if (request.state != key_state::unverified) record.last_checked_at = now;
    record.expires_at = request.expires_at;
    sign(entry, who, record);
    return record;
}

result<secret> examine_with(const keyring& ring, const user_id& who, const save_request& request,
                            wall_time now) {
    if (request.expires_at && *request.expires_at <= now) {
        return invalid("expiresAt", "expiresAt must lie in the future.");
    }
    if (request.sealed.empty()) return examine_plain(request);
    if (!request.api_key.empty()) return invalid("apiKey", "Give apiKey or sealedKey, not both.");
    return examine_sealed(ring, who, request);
}

result<key_record> prepare(const keyring& ring, const user_id& who, const save_request& request,
                           wall_time now) {
    const auto api_key = examine_with(ring, who, request, now);
    if (!api_key) return api_key.error();
    if (!ring.can_sign()) return failure(reason::internal);
    return make_record(ring, who, request, *api_key, now);
}

} // namespace

// A box for an entry that only a newer file has was sealed with what another instance gave out.
task<std::shared_ptr<const keyring>> vault::state::ring_for(const save_request& request) {
    if (!request.sealed.empty() && is_entry_id(request.key_id) && !ring->current()->find(request.key_id)) {
        co_await ring->refresh(here);
    }
    co_return ring->current();
}

task<result<secret>> vault::examine(user_id who, const save_request& request, wall_time now) {
    const auto ring = co_await state_->ring_for(request);
    co_return examine_with(*ring, who, request, now);
}

// The store took no record under the entry: it was taken out of the keyring, of which this instance's file
// may know more by now. Nothing: sealing anew may succeed.
task<std::optional<failure>> vault::state::why_not_again(const save_request& request, std::string closed) {
    co_await ring->refresh(here);
    if (ring->current()->newest().id == closed) {
        co_return failure(reason::store_unavailable,
                          "This instance has not met the keyring's present entry yet. Try again later.");
    }
    if (!request.sealed.empty()) co_return entry_not_in_use();
    co_return std::nullopt;
}

task<result<key_record>> vault::save(user_id who, save_request request, wall_time now) {
    for (int attempts = 1;; ++attempts) {
        const auto ring = co_await state_->ring_for(request);
        auto record = prepare(*ring, who, request, now);
        if (!record) co_return record;
        const auto saved = co_await state_->store.save(state_->here, who, *record);
        // Whatever the store said: a write whose answer was lost may have been made.
        co_await state_->peers->forget(state_->here, who);
        if (!saved) co_return saved.error();
        if (*saved) co_return record;
        auto refused = co_await state_->why_not_again(request, record->key_id);
        if (!refused && attempts == most_saves) refused = failure(reason::store_unavailable);
        if (refused) co_return std::move(*refused);
    }
}

} // namespace byot::vault
