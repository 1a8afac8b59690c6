#pragma once

#include "core/async_event.hpp"
#include "core/task.hpp"
#include "net/reactor.hpp"
#include "vault/key_store.hpp"
#include "vault/live_keyring.hpp"

#include <chrono>
#include <string>

namespace byot::vault {

/// Tells, in the store, which keyring entry this instance seals new keys for: as soon as that is another one,
/// and again and again while it lives, so that `byot keyring remove` waits for an instance whose file is
/// late. That is courtesy: what keeps a key from being lost is that the store takes no record under a closed
/// entry.
class saver_announcement {
public:
    /// What was told holds for so long. Much longer than `interval`, for instances' clocks may differ.
    static constexpr std::chrono::minutes validity{10};
    static constexpr std::chrono::minutes interval{4};

    /// All outlive it.
    saver_announcement(net::reactor& home, key_store& store, const live_keyring& ring);

    /// From a coroutine on `home` until `stop` there, which takes back what was told.
    void keep_fresh();
    task<void> stop();

private:
    task<void> tell_again_and_again();
    task<void> tell();

    net::reactor& home_;
    key_store& store_;
    const live_keyring& ring_;
    std::string id_;
    std::string told_; ///< the entry; empty: none
    steady_time due_;
    bool is_stopped_ = false;
    bool is_telling_ = false;
    async_event told_all_;
};

} // namespace byot::vault
