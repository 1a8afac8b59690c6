#include "vault/rewrap.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace byot::vault {
namespace {

// How soon a stop is noticed while servers are waited for.
constexpr std::chrono::milliseconds poll_interval{100};

/// One way through the store, under one ring; private to rewrap.
class rewrap_pass {
public:
    rewrap_pass(net::reactor& here, key_store& store, std::shared_ptr<const keyring> ring,
                const rewrap_settings& settings, const bool& is_stopped)
        : here_(here), store_(store), ring_(std::move(ring)), settings_(settings), is_stopped_(is_stopped) {}

    /// False when the store failed; what was done until then is in `counts`.
    task<bool> run(const rewrap::observer& on_page);
    const rewrap_counts& counts() const noexcept { return counts_; }

private:
    task<result<std::vector<owned_record>>> read_page(std::optional<user_id> after);
    task<result<bool>> replace(const owned_record& one, key_record fresh);
    task<void> move_page(const std::vector<owned_record>& page);
    task<void> work_through(const std::vector<owned_record>& page);
    task<void> move(const owned_record& one);
    bool is_over() const noexcept { return is_stopped_ || has_failed_; }

    net::reactor& here_;
    key_store& store_;
    std::shared_ptr<const keyring> ring_;
    const rewrap_settings& settings_;
    const bool& is_stopped_;
    rewrap_counts counts_;
    std::size_t next_ = 0;    ///< of the page
    std::size_t at_work_ = 0; ///< coroutines
    async_event all_done_;
    bool has_failed_ = false;
};

/// Repeats a call of the store, which may be repeated whatever became of the one before: reads, and changes
/// that happen only while the record is as it was read.
template <class R, class Call>
task<result<R>> persist(net::reactor& here, const rewrap_settings& settings, const bool& is_stopped,
                        Call call) {
    auto pause = settings.pause;
    for (unsigned attempt = 1;; ++attempt) {
        auto answer = co_await call();
        if (answer || attempt >= settings.attempts || is_stopped) co_return answer;
        co_await here.sleep_until(steady_now() + pause);
        pause *= 2;
    }
}

task<bool> rewrap_pass::run(const rewrap::observer& on_page) {
    std::optional<user_id> after;
    while (!is_over()) {
        const auto page = co_await read_page(after);
        if (!page) co_return false;
        if (page->empty()) break;
        co_await move_page(*page);
        after = page->back().who;
        if (on_page) on_page(counts_);
    }
    co_return !has_failed_;
}

task<result<std::vector<owned_record>>> rewrap_pass::read_page(std::optional<user_id> after) {
    const auto call = [&] { return store_.list_not_under(here_, ring_->newest().id, after, settings_.page); };
    co_return co_await persist<std::vector<owned_record>>(here_, settings_, is_stopped_, call);
}

task<result<bool>> rewrap_pass::replace(const owned_record& one, key_record fresh) {
    const auto call = [&] { return store_.replace(here_, one.who, fresh, one.record.key_id); };
    co_return co_await persist<bool>(here_, settings_, is_stopped_, call);
}

task<void> rewrap_pass::move_page(const std::vector<owned_record>& page) {
    next_ = 0;
    at_work_ = std::min(settings_.in_flight, page.size());
    for (auto i = at_work_; i > 0; --i) spawn(work_through(page));
    while (at_work_ > 0) co_await all_done_.wait();
}

task<void> rewrap_pass::work_through(const std::vector<owned_record>& page) {
    while (!is_over() && next_ < page.size()) co_await move(page[next_++]);
    if (--at_work_ == 0) all_done_.notify();
}

task<void> rewrap_pass::move(const owned_record& one) {
    auto fresh = reseal(*ring_, one.who, one.record, wall_now());
    if (!fresh) {
        ++counts_.undecryptable;
        co_return;
    }
    const auto replaced = co_await replace(one, std::move(*fresh));
    if (!replaced) {
        has_failed_ = true;
    } else if (*replaced) {
        ++counts_.moved;
    } else {
        ++counts_.changed_meanwhile;
    }
}

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
