#pragma once

#include "net/connector.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace byot::net {

class connection_pool;

namespace detail {

/// The idle connections to one origin, the last used at the back; the pool keeps it where it is.
struct idle_shelf {
    connection_pool* pool = nullptr;
    std::vector<std::unique_ptr<connection>> idle;
};

} // namespace detail

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
    lease(detail::idle_shelf& home, std::unique_ptr<connection> c, bool is_reused)
        : shelf_(&home), connection_(std::move(c)), is_reused_(is_reused) {}

    detail::idle_shelf* shelf_ = nullptr;
    std::unique_ptr<connection> connection_;
    bool is_reused_ = false;
};

/// A reactor's idle connections, the last used first. An idle connection is dropped after `idle_limit`,
/// before Node's 5 s keep-alive would close it under a request, and at once when its peer closes or speaks.
/// It outlives its leases.
class connection_pool {
public:
    static constexpr std::chrono::milliseconds idle_limit{4000};
    static constexpr std::size_t idle_per_origin = 256;

    connection_pool(reactor& home, connector& open);
    /// With a limit of its own in place of `idle_limit`.
    connection_pool(reactor& home, connector& open, std::chrono::milliseconds idle_for);

    /// An idle connection to that origin, or a new one. Failures are `connector::connect`'s.
    task<result<lease>> acquire(const origin& where, steady_time limit);
    /// An idle connection to that origin, or an empty lease: `acquire` without a coroutine.
    lease take_idle(const origin& where);

    std::size_t idle() const noexcept;
    /// Closes what is idle.
    void clear() noexcept;

private:
    friend class lease;
    detail::idle_shelf& shelf_of(const origin& where);
    void take_back(detail::idle_shelf& shelf, std::unique_ptr<connection> c);

    reactor& home_;
    connector& open_;
    std::chrono::milliseconds idle_for_;
    std::map<origin, detail::idle_shelf> shelves_;
};

} // namespace byot::net
