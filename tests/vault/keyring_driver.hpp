#pragma once

#include "vault/live_keyring.hpp"
#include "vault/running_reactor.hpp"
#include "vault/samples.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace byot::vault::testing {

inline std::string id_of_seed(unsigned char seed) {
    return "key_seedseedsee" + std::string(1, static_cast<char>('a' + seed));
}

/// The later the seed, the newer the entry.
inline keyring ring_of_seeds(const std::vector<unsigned char>& seeds) {
    std::vector<keyring_entry> entries;
    for (const auto seed : seeds) entries.push_back(fixed_entry(seed, id_of_seed(seed)));
    return keyring(std::move(entries));
}

/// A keyring's file that is rotated as the program does it.
class ring_file {
public:
    explicit ring_file(std::filesystem::path path) : path_(std::move(path)) {}

    void write(const keyring& ring, keyring_part part = keyring_part::whole) {
        const auto problem = write_keyring(path_, serialize_keyring(ring, part), true);
        BOOST_TEST_REQUIRE(!problem);
    }
    void write_text(std::string_view text) { testing::write_text(path_, text); }
    void remove() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// What a live keyring told, from whichever thread.
class told_changes {
public:
    live_keyring::observers observers() {
        live_keyring::observers tell;
        tell.on_change = [this](const keyring_change& change) { note(change); };
        tell.on_problem = [this](const std::string& problem) {
            const std::lock_guard lock(guard_);
            problems_.push_back(problem);
        };
        return tell;
    }
    std::vector<keyring_change> changes() const {
        const std::lock_guard lock(guard_);
        return changes_;
    }
    std::vector<std::string> problems() const {
        const std::lock_guard lock(guard_);
        return problems_;
    }
    bool wait_for_change(std::chrono::seconds limit) {
        std::unique_lock lock(guard_);
        return told_.wait_for(lock, limit, [this] { return !changes_.empty(); });
    }

private:
    void note(const keyring_change& change) {
        const std::lock_guard lock(guard_);
        changes_.push_back(change);
        told_.notify_all();
    }

    mutable std::mutex guard_;
    std::condition_variable told_;
    std::vector<keyring_change> changes_;
    std::vector<std::string> problems_;
};

inline task<bool> refreshed(net::reactor& here, live_keyring& ring) {
    co_await ring.refresh(here);
    co_return true;
}

inline task<bool> stopped(live_keyring& ring) {
    co_await ring.stop();
    co_return true;
}

inline void refresh(running_reactor& on, live_keyring& ring) {
    auto work = [&] { return refreshed(on.home(), ring); };
    BOOST_TEST_REQUIRE(on.wait<bool>(work));
}

} // namespace byot::vault::testing
