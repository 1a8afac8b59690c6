#pragma once

#include "core/task.hpp"
#include "net/reactor.hpp"
#include "vault/keyring_file.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace byot::vault {

/// The keyring of a process that goes on while its file is rotated: looked at in the background and whenever
/// somebody meets an entry that it does not have. Files are read on a thread of its own. A file that is not
/// valid, or lacks what the role needs, changes nothing: the ring that was there stays.
class live_keyring {
public:
    /// Between two looks in the background, unless it is told another (BYOT_KEYRING_REFRESH).
    static constexpr std::chrono::milliseconds look_interval{5000};
    /// Between two looks that were asked for.
    static constexpr std::chrono::seconds refresh_interval{1};

    /// For the operator's log. Both are called on the thread that reads.
    struct observers {
        std::function<void(const keyring_change&)> on_change;
        /// Once for each problem, until it is another one or the file is good again. Quotes nothing secret.
        std::function<void(const std::string& problem)> on_problem;
    };

    /// Reads the file. Throws std::runtime_error with a sentence for the operator when it cannot be used.
    live_keyring(std::filesystem::path file, keyring_needs needs, observers tell = {},
                 std::chrono::milliseconds look_each = look_interval,
                 keyring_place place = keyring_place::disk);
    /// One that has no file and never changes.
    explicit live_keyring(std::shared_ptr<const keyring> fixed);
    ~live_keyring();
    live_keyring(const live_keyring&) = delete;
    live_keyring& operator=(const live_keyring&) = delete;

    /// The ring as it was last read; never null. Any thread.
    std::shared_ptr<const keyring> current() const;

    /// When it returns, the file has been looked at since it was called. One look serves all who wait for it,
    /// and there is at most one in `refresh_interval`, so this may take that long. From any reactor `here`.
    task<void> refresh(net::reactor& here);

    /// Looks again and again, from a coroutine on `home`, until `stop` there, which waits for a look that is
    /// under way.
    void keep_fresh(net::reactor& home);
    task<void> stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::vault
