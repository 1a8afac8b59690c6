#include "vault/rewrap.hpp"

#include "vault/rewrap_pass.hpp"

#include <optional>
#include <string>

namespace byot::vault {
namespace {

// How soon a stop is noticed while servers are waited for.
constexpr std::chrono::milliseconds poll_interval{100};

} // namespace

result<key_record> reseal(const keyring& ring, const user_id& who, const key_record& record, wall_time now) {
    const auto api_key = open_record(ring, who, record);
    if (!api_key) return api_key.error();
    auto fresh = record;
    fresh.sealed = seal_key(ring.newest(), who, record.provider, *api_key);
    fresh.updated_at = now;
    sign(ring.newest(), who, fresh);
    return fresh;
}

struct rewrap::state {
    net::reactor& here;
    key_store& store;
    live_keyring& ring;
    rewrap_settings settings;
    observer on_progress;
    rewrap_counts counts; ///< of the passes that are over, but for what the last one left alone
    bool is_stopped = false;
    std::string newest;   ///< of the ring that was taken last
    steady_time known_at; ///< when every server has it
    unsigned passes = 0;  ///< begun since then

    /// The counts with those of a pass.
    rewrap_counts with(const rewrap_counts& pass) const {
        auto sum = counts;
        sum.moved += pass.moved;
        sum.changed_meanwhile += pass.changed_meanwhile;
        sum.undecryptable = pass.undecryptable;
        return sum;
    }

    /// The ring of the next pass, and from when on every server has it: counted from when it is met here, for
    /// neither an entry's age nor a file's says when another one was retired.
    task<std::shared_ptr<const keyring>> take_ring() {
        co_await ring.refresh(here);
        auto taken = ring.current();
        if (taken->newest().id == newest) co_return taken;
        newest = taken->newest().id;
        if (taken->entries().size() == 1) co_return taken; // there is no old entry to save under
        known_at = steady_now() + settings.settling;
        co_return taken;
    }

    task<void> wait_for_servers() {
        while (!is_stopped && steady_now() < known_at)
            co_await here.sleep_until(steady_now() + poll_interval);
    }

    /// One pass; how all ended, if it was the last.
    task<std::optional<rewrap_end>> pass_once() {
        const auto taken = co_await take_ring();
        const bool is_known = steady_now() >= known_at;
        rewrap_pass pass(here, store, taken, settings, is_stopped);
        const observer tell = [this](const rewrap_counts& so_far) {
            if (on_progress) on_progress(with(so_far));
        };
        const bool is_through = co_await pass.run(tell);
        counts = with(pass.counts());
        if (is_stopped) co_return rewrap_end::stopped;
        if (!is_through) co_return rewrap_end::store_failed;
        if (is_known) ++passes;
        if (!is_known || pass.counts().moved + pass.counts().changed_meanwhile > 0) co_return std::nullopt;
        if (counts.undecryptable == 0) co_return rewrap_end::nothing_left;
        // They may be under an entry that has been added since.
        co_await ring.refresh(here);
        if (ring.current()->newest().id != newest) co_return std::nullopt;
        co_return rewrap_end::undecryptable_left;
    }

    task<rewrap_end> pass_until_done() {
        while (passes < settings.passes) {
            const auto end = co_await pass_once();
            if (end) co_return *end;
            co_await wait_for_servers();
            if (is_stopped) co_return rewrap_end::stopped;
        }
        // Nothing can be moved to a closed entry, which looks like others' changes.
        const auto closed = co_await store.is_closed(here, newest);
        const bool is_removed = closed.has_value() && *closed;
        co_return is_removed ? rewrap_end::entry_removed : rewrap_end::still_written;
    }
};

rewrap::rewrap(net::reactor& here, key_store& store, live_keyring& ring, rewrap_settings settings,
               observer on_progress)
    : state_(new state{here, store, ring, settings, std::move(on_progress), {}, false, {}, {}, 0}) {}

rewrap::~rewrap() = default;

task<rewrap_outcome> rewrap::run() {
    rewrap_outcome outcome;
    outcome.end = co_await state_->pass_until_done();
    outcome.counts = state_->counts;
    co_return outcome;
}

void rewrap::stop() noexcept {
    state_->is_stopped = true;
}

} // namespace byot::vault
