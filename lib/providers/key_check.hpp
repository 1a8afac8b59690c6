#pragma once

#include "core/task.hpp"
#include "core/url.hpp"
#include "net/connection_pool.hpp"
#include "providers/verdict.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace byot::providers {

/// Tries keys at their providers, for one reactor, with the question of the provider's entry. Where it asks
/// is the operator's to say and nobody else's.
class key_check {
public:
    /// The base of each provider's API, by its name.
    using addresses = std::map<std::string, url, std::less<>>;

    /// How long callers should wait for a provider.
    static constexpr std::chrono::seconds patience{5};

    key_check(net::connection_pool& pool, addresses where) noexcept
        : pool_(pool), addresses_(std::move(where)) {}

    /// Whether there is anybody to ask about keys of that provider.
    bool knows(std::string_view name) const noexcept;

    /// What the provider says of the key until `limit`; `unreachable` of a provider that is not known. The
    /// key (visible ASCII, as the vault makes sure) goes out in a header field alone, from memory that is
    /// wiped; of the answer nothing is kept. Both views must stay valid until the answer. `may_be_sent`, when
    /// there, is asked in the step that sends the key: `unreachable` when it says no.
    task<verdict> check(std::string_view name, std::string_view api_key, steady_time limit,
                        std::function<bool()> may_be_sent = {});

private:
    net::connection_pool& pool_;
    addresses addresses_;
};

} // namespace byot::providers
