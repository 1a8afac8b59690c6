#pragma once

#include "core/failure.hpp"
#include "core/task.hpp"
#include "net/reactor.hpp"
#include "vault/key_store.hpp"
#include "vault/live_keyring.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace byot::vault {

struct rewrap_settings {
    std::size_t in_flight = 16;           ///< records being written at a time
    std::size_t page = 512;               ///< records read at a time
    unsigned attempts = 5;                ///< of one call of the store
    std::chrono::milliseconds pause{250}; ///< before the second attempt; twice as long before each next one
    /// So long after a keyring is met every server uses it: they look at their file this often.
    std::chrono::milliseconds settling = 2 * live_keyring::look_interval;
    unsigned passes = 8; ///< at most so many after that
};

struct rewrap_counts {
    std::uint64_t moved = 0;             ///< sealed again under the newest entry
    std::uint64_t changed_meanwhile = 0; ///< saved anew, removed or moved by another since they were read
    std::uint64_t undecryptable = 0;     ///< left alone in the last pass: no entry of the keyring opens them
};

enum class rewrap_end : std::uint8_t {
    nothing_left,       ///< on an old entry
    undecryptable_left, ///< nothing but these
    still_written,      ///< somebody keeps saving under an old entry
    entry_removed,      ///< the newest one was taken out of the keyring elsewhere
    stopped,
    store_failed,
};

struct rewrap_outcome {
    rewrap_counts counts;
    rewrap_end end = rewrap_end::nothing_left;
};

/// The same key sealed and signed by the newest entry; credential, state and times stay but for `updated_at`.
/// Failure: `key_undecryptable`, also for one that is not authentic. Precondition: the newest entry can sign.
result<key_record> reseal(const keyring& ring, const user_id& who, const key_record& record, wall_time now);

/// Seals every stored key again under the newest entry while servers go on using the store. What it has done
/// stays done, so it may be stopped at any moment and run again. It goes through the store until a pass
/// that began when every server had the newest entry finds nothing to do. On one reactor.
class rewrap {
public:
    using observer = std::function<void(const rewrap_counts&)>;

    /// `store` and `ring`, a whole keyring, outlive it; `on_progress` is called after each page.
    rewrap(net::reactor& here, key_store& store, live_keyring& ring, rewrap_settings settings,
           observer on_progress = {});
    ~rewrap();
    rewrap(const rewrap&) = delete;
    rewrap& operator=(const rewrap&) = delete;

    /// Once.
    task<rewrap_outcome> run();
    /// Ends `run` when the records being written are, with `rewrap_end::stopped`. On its reactor.
    void stop() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::vault
