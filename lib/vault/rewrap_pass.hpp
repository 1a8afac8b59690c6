#pragma once

#include "vault/rewrap.hpp"

#include <optional>
#include <string>
#include <vector>

namespace byot::vault {

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

} // namespace byot::vault
