#include "vault/live_keyring.hpp"

#include "net/worker.hpp"

#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

namespace byot::vault {
namespace {

keyring load_usable(const std::filesystem::path& file, keyring_needs needs, keyring_place place) {
    auto loaded = load_keyring(file, place);
    if (loaded.has_error()) throw std::runtime_error(loaded.error().message);
    if (const auto lack = lack_of(*loaded, needs); !lack.empty())
        throw std::runtime_error(file.string() + ": " + lack);
    return std::move(*loaded);
}

} // namespace

struct live_keyring::state {
    std::filesystem::path file; ///< empty: never changes
    keyring_needs needs;
    keyring_place place = keyring_place::disk;
    observers tell;
    std::chrono::milliseconds look_each = look_interval;

    mutable std::mutex guard; ///< held for a pointer's copy
    std::shared_ptr<const keyring> ring;

    // Of the worker's thread alone.
    steady_time looked_at = steady_time::min();
    std::string problem;

    // Of the reactor that keeps it fresh alone.
    bool is_stopped = false;
    bool is_looking = false;
    async_event looked;

    net::worker reader; ///< last: it ends before what it works on

    std::shared_ptr<const keyring> current() const {
        const std::lock_guard lock(guard);
        return ring;
    }

    void take(keyring next) {
        problem.clear();
        const auto change = change_between(*current(), next);
        if (change.is_none()) return;
        auto shared = std::make_shared<const keyring>(std::move(next));
        {
            const std::lock_guard lock(guard);
            ring.swap(shared);
        }
        if (tell.on_change) tell.on_change(change);
    }

    void look() {
        looked_at = steady_now();
        try {
            take(load_usable(file, needs, place));
        } catch (const std::bad_alloc&) {
            // Not the file's fault; the next look comes soon.
        } catch (const std::exception& error) {
            if (problem == error.what()) return;
            problem = error.what();
            if (tell.on_problem) tell.on_problem(problem);
        }
    }

    /// Looks unless somebody has since `asked_at`; when it is too early to, until when to wait.
    std::optional<steady_time> look_since(steady_time asked_at) {
        if (looked_at >= asked_at) return std::nullopt;
        if (looked_at > steady_time::min() && steady_now() - looked_at < refresh_interval)
            return looked_at + refresh_interval;
        look();
        return std::nullopt;
    }

    task<void> look_again_and_again(net::reactor& home) {
        for (;;) {
            co_await home.sleep_until(steady_now() + look_each);
            if (is_stopped) co_return;
            is_looking = true;
            const auto job = [this] {
                look();
                return true;
            };
            try {
                co_await reader.run<bool>(home, job);
            } catch (const std::bad_alloc&) {
            }
            is_looking = false;
            looked.notify();
        }
    }
};

live_keyring::live_keyring(std::filesystem::path file, keyring_needs needs, observers tell,
                           std::chrono::milliseconds look_each, keyring_place place)
    : state_(std::make_unique<state>()) {
    state_->ring = std::make_shared<const keyring>(load_usable(file, needs, place));
    state_->file = std::move(file);
    state_->needs = needs;
    state_->place = place;
    state_->tell = std::move(tell);
    state_->look_each = look_each;
}

live_keyring::live_keyring(std::shared_ptr<const keyring> fixed) : state_(std::make_unique<state>()) {
    state_->ring = std::move(fixed);
}

live_keyring::~live_keyring() = default;

std::shared_ptr<const keyring> live_keyring::current() const {
    return state_->current();
}

task<void> live_keyring::refresh(net::reactor& here) {
    if (state_->file.empty()) co_return;
    const auto asked_at = steady_now();
    const auto job = [this, asked_at] { return state_->look_since(asked_at); };
    for (;;) {
        const auto may_look_at = co_await state_->reader.run<std::optional<steady_time>>(here, job);
        if (!may_look_at) co_return;
        co_await here.sleep_until(*may_look_at);
    }
}

void live_keyring::keep_fresh(net::reactor& home) {
    if (!state_->file.empty()) spawn(state_->look_again_and_again(home));
}

task<void> live_keyring::stop() {
    state_->is_stopped = true;
    while (state_->is_looking) co_await state_->looked.wait();
}

} // namespace byot::vault
