#pragma once

#include "net/connector.hpp"

#include <list>
#include <map>
#include <memory>
#include <vector>

namespace byot::net {

class connection_pool;

/// A connection of the pool in somebody's hands. Goes back only by `give_back`; otherwise it is closed.
class lease {
public:
    lease() = default;
    lease(lease&&) = default;
    lease& operator=(lease&&) = default;

    connection& operator*() const noexcept { return *connection_; }
    connection* operator->() const noexcept { return connection_.get(); }
    explicit operator bool() const noexcept { return static_cast<bool>(connection_); }
    /// Whether it has carried a request before.
    bool is_reused() const noexcept { return is_reused_; }

    /// The answer was read to its end and the connection may carry another request.
    void give_back();
    void close() noexcept { connection_.reset(); }

private:
    friend class connection_pool;
    lease(connection_pool& pool, origin where, std::unique_ptr<connection> c, bool is_reused);

    connection_pool* pool_ = nullptr;
    origin where_;
    std::unique_ptr<connection> connection_;
    bool is_reused_ = false;
};

/// A reactor's idle connections, the last used first. An idle connection is dropped after `idle_limit`,
/// before Node's 5 s keep-alive would close it under a request, and at once when its peer closes or speaks.
class connection_pool {
public:
    static constexpr std::chrono::milliseconds idle_limit{4000};
    static constexpr std::size_t idle_per_origin = 256;

    connection_pool(reactor& home, connector& open);

    /// An idle connection to that origin, or a new one. Failures are `connector::connect`'s.
    task<result<lease>> acquire(const origin& where, steady_time limit);

    std::size_t idle() const noexcept;
    /// Closes what is idle.
    void clear() noexcept;

private:
    friend class lease;
    struct idle_connection {
        std::unique_ptr<connection> held;
        steady_time until;
    };
    void take_back(const origin& where, std::unique_ptr<connection> c);
    std::unique_ptr<connection> take_idle(const origin& where);

    reactor& home_;
    connector& open_;
    std::map<origin, std::vector<idle_connection>> idle_;
};

} // namespace byot::net
