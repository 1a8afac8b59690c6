// Keys tried at their providers, when they are saved and later.
#include "api/application.hpp"
#include "api/key_check_answer.hpp"

#include <algorithm>

namespace byot::api {
namespace {

/// The user's record for the provider, as it is stored now. Failure: `key_required`.
result<vault::key_record> pick_record(const std::vector<vault::key_record>& records,
                                      std::string_view provider) {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [&](const vault::key_record& each) { return each.provider == provider; });
    if (found != records.end()) return *found;
    return failure(reason::key_required).with("provider", std::string(provider));
}

} // namespace

task<result<std::optional<providers::verdict>>> application::try_key(std::string_view provider,
                                                                     std::string_view api_key) {
    using tried = std::optional<providers::verdict>;
    const bool can_be_tried = !api_key.empty() && parts_.key_check.knows(provider);
    if (!settings_->tries_saved_keys || !can_be_tried) co_return tried();
    const auto limit = steady_now() + providers::key_check::patience;
    const auto said = co_await parts_.key_check.check(provider, api_key, limit);
    if (said == providers::verdict::refused) {
        co_return failure(reason::key_rejected_by_provider).with("provider", std::string(provider));
    }
    co_return tried(said);
}

task<result<http::response>> application::check_key(http::exchange& exchange) {
    const auto provider = queried_provider(exchange);
    if (provider.has_error()) co_return provider.error();
    const auto bare = co_await expect_no_body(exchange, endpoint::check_key);
    if (bare.has_error()) co_return bare.error();
    const auto& who = exchange.record().user;
    const auto tried = co_await try_stored_key(who, provider.value());
    if (tried.has_error()) co_return tried.error();
    const auto records = co_await parts_.vault.list(who);
    if (records.has_error()) co_return records.error();
    const auto stored = pick_record(records.value(), provider.value());
    if (stored.has_error()) co_return stored.error();
    std::optional<providers::verdict> said;
    if (stored.value().credential_id == tried.value().credential_id) said = tried.value().said;
    co_return checked_key_answer(stored.value(), said, wall_now());
}

task<result<application::tried_key>> application::try_stored_key(const user_id& who,
                                                                 std::string_view provider) {
    const auto slot = key_slots_.take();
    std::string which(provider);
    const auto opened = co_await parts_.vault.open_stored(who, which, wall_now(), slot.bytes());
    if (opened.has_error()) co_return opened.error();
    const auto& [credential_id, state, size, validity] = opened.value();
    const std::string_view api_key(slot.bytes().data(), size);
    const auto limit = steady_now() + providers::key_check::patience;
    // A key that was removed or replaced while the provider is connected to is not sent any more.
    std::function<bool()> is_unchanged = [this, &who, epoch = validity.epoch] {
        return parts_.vault.epoch_of(who) == epoch;
    };
    tried_key tried;
    tried.said = co_await parts_.key_check.check(provider, api_key, limit, std::move(is_unchanged));
    tried.credential_id = credential_id;
    if (tried.said == providers::verdict::unreachable) co_return tried;
    const auto after = state_after(tried.said, state);
    const auto changed =
        co_await parts_.vault.change_state(who, std::move(which), credential_id, after, wall_now());
    if (changed.has_error()) co_return changed.error();
    co_return tried;
}

} // namespace byot::api
