#pragma once

#include "core/task.hpp"
#include "core/user_id.hpp"
#include "limits/stream_counts.hpp"
#include "limits/token_buckets.hpp"
#include "net/reactor.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byot::api {

/// What limits there are (BYOT_RATE_PER_USER, BYOT_RATE_PER_IP, BYOT_STREAMS_PER_USER).
struct admission_settings {
    std::optional<limits::rate> per_user;
    std::optional<limits::rate> per_address;
    std::size_t streams_per_user = 8;
};

class admission;

/// An AI request that is counted until this goes; on its user's reactor, so its end is told by a message that
/// was made when it began and cannot fail.
class counted_stream {
public:
    counted_stream() = default;
    counted_stream(counted_stream&& other) = default;
    counted_stream& operator=(counted_stream&& other) = delete;
    ~counted_stream();

    explicit operator bool() const noexcept { return is_counted_; }

private:
    friend class admission;
    struct ending;
    struct ending_deleter {
        void operator()(ending* one) const noexcept;
    };
    std::unique_ptr<ending, ending_deleter> ending_;
    bool is_counted_ = false;
};

/// Whether a request may go on. Each name (a user, an address) is counted by one reactor of the process,
/// found by its hash, so a limit holds exactly however the kernel spreads connections; the others ask it by
/// mailbox.
class admission {
public:
    /// Names remembered by one reactor, of each kind.
    static constexpr std::size_t capacity = 50000;

    admission(net::reactor& home, admission_settings settings);

    /// Tells each reactor's part where the others are, itself among them, in the order of their reactors.
    /// Before any of them runs.
    void join(std::vector<admission*> all) noexcept { all_ = std::move(all); }

    bool limits_addresses() const noexcept { return settings_.per_address.has_value(); }
    bool limits_users() const noexcept { return settings_.per_user.has_value(); }

    task<limits::verdict> take_address(std::string name);
    task<limits::verdict> take_user(user_id who);
    /// Counts one more AI request of the user; empty when there are too many.
    task<counted_stream> begin_stream(user_id who);

private:
    friend class counted_stream;
    admission& owner_of(std::string_view name) noexcept;

    net::reactor& home_;
    admission_settings settings_;
    std::vector<admission*> all_;
    limits::token_buckets users_;
    limits::token_buckets addresses_;
    limits::stream_counts streams_;
};

} // namespace byot::api
