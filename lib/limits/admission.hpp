#pragma once

#include "core/user_id.hpp"
#include "limits/token_buckets.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace byot::limits {

/// How many requests each user has under way. Forgets a user at zero. For one thread at a time.
class stream_counts {
public:
    explicit stream_counts(std::size_t most_per_user);

    /// Whether one more may begin; it is counted then.
    bool begin(std::string_view uid);
    /// Precondition: one that began has not ended yet. Allocates nothing.
    void end(std::string_view uid) noexcept;
    std::size_t users() const noexcept;

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>()(text);
        }
    };
    using counts = std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>>;

    void remember(std::string_view uid);

    std::size_t most_;
    counts counts_;
    std::vector<counts::node_type> spare_; ///< of users forgotten, for the next ones
};

/// A table by name in `Stripes` parts, each with its own lock: a name is always in the same part, so what is
/// counted of it is exact, and threads meet only where their names share a part.
template <class Table, std::size_t Stripes = 64>
class striped {
public:
    static constexpr std::size_t stripes = Stripes;

    /// Each part is made from these arguments.
    template <class... Arguments>
    explicit striped(const Arguments&... arguments)
        : parts_(make_parts(std::make_index_sequence<Stripes>(), arguments...)) {}

    /// Calls `act` with the part of that name, locked; it must not wait for anything.
    template <class Act>
    auto with(std::string_view name, Act act) {
        auto& part = parts_[std::hash<std::string_view>()(name) % Stripes];
        const std::lock_guard held(part.lock);
        return act(part.table);
    }

private:
    static constexpr std::size_t cache_line = 64;
    struct alignas(cache_line) stripe {
        std::mutex lock;
        Table table;
    };
    using stripe_array = std::array<stripe, Stripes>;

    template <std::size_t, class... Arguments>
    static stripe make(const Arguments&... arguments) {
        return {{}, Table(arguments...)};
    }
    template <std::size_t... Places, class... Arguments>
    static stripe_array make_parts(std::index_sequence<Places...>, const Arguments&... arguments) {
        return {{make<Places>(arguments...)...}};
    }

    stripe_array parts_;
};

/// What limits there are.
struct admission_settings {
    std::optional<rate> per_user;     ///< BYOT_RATE_PER_USER; nothing: off
    std::optional<rate> per_address;  ///< BYOT_RATE_PER_IP; nothing: off
    std::size_t streams_per_user = 0; ///< BYOT_STREAMS_PER_USER
};

class admission;

/// An AI request that is counted until this goes. Neither its end nor a move can fail.
class counted_stream {
public:
    counted_stream() = default;
    counted_stream(counted_stream&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), who_(other.who_) {}
    counted_stream& operator=(counted_stream&& other) = delete;
    ~counted_stream();

    explicit operator bool() const noexcept { return owner_ != nullptr; }

private:
    friend class admission;
    counted_stream(admission& owner, const user_id& who) noexcept : owner_(&owner), who_(&who) {}

    admission* owner_ = nullptr;
    const user_id* who_ = nullptr;
};

/// Whether a request may go on: one for the whole process, asked by every reactor, so that a limit holds
/// exactly however the kernel spreads connections.
class admission {
public:
    /// Names remembered of each kind, by the whole process: about 15 MB of each.
    static constexpr std::size_t capacity = 100'000;

    explicit admission(const admission_settings& settings);

    bool limits_addresses() const noexcept { return settings_.per_address.has_value(); }
    bool limits_users() const noexcept { return settings_.per_user.has_value(); }

    /// Takes a token of an address (`bucket_name`) or a user; always allowed when there is no such limit.
    /// May throw std::bad_alloc for a name that is not remembered.
    verdict take_address(std::string_view name, steady_time now);
    verdict take_user(const user_id& who, steady_time now);
    /// Counts one more AI request of the user, who must outlive it; empty when there are too many.
    counted_stream begin_stream(const user_id& who);
    /// AI requests under way now. Any thread.
    std::size_t streams() const noexcept { return streams_now_.load(std::memory_order_relaxed); }

private:
    friend class counted_stream;

    admission_settings settings_;
    striped<token_buckets> users_;
    striped<token_buckets> addresses_;
    striped<stream_counts> streams_;
    std::atomic<std::size_t> streams_now_{0};
};

} // namespace byot::limits
