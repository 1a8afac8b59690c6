#include "net/connector.hpp"

#include "net/opening.hpp"

#include <boost/asio/ssl/context.hpp>

#include <utility>

namespace byot::net {
namespace {

// Whatever way its owner ends, by being destroyed too, the opening's handlers resume nobody after that.
struct abandoning {
    explicit abandoning(std::shared_ptr<opening> o) : held(std::move(o)) {}
    ~abandoning() { held->abandon(); }
    abandoning(const abandoning&) = delete;
    abandoning& operator=(const abandoning&) = delete;
    opening* operator->() const noexcept { return held.get(); }
    std::shared_ptr<opening> held;
};

/// An address that does not answer leaves time for those after it.
steady_time share_of(steady_time now, steady_time limit, std::size_t addresses_left) {
    return limit <= now ? limit : now + (limit - now) / static_cast<std::int64_t>(addresses_left);
}

failure failed_or_late(steady_time limit, std::string message) {
    if (std::chrono::steady_clock::now() >= limit) {
        return failure(reason::upstream_timeout, "The connection was not made in time.");
    }
    return failure(reason::upstream_unreachable, std::move(message));
}

} // namespace

struct connector::state {
    reactor& home;
    std::shared_ptr<boost::asio::ssl::context> tls;

    state(reactor& home_, std::shared_ptr<boost::asio::ssl::context> tls_)
        : home(home_), tls(std::move(tls_)) {}
};

connector::connector(reactor& home, std::shared_ptr<boost::asio::ssl::context> tls)
    : state_(std::make_shared<state>(home, std::move(tls))) {}

connector::~connector() = default;

task<result<std::unique_ptr<connection>>> connector::connect(const origin& where, steady_time limit) {
    const auto s = state_;
    const auto target = where;
    const abandoning attempt(std::make_shared<opening>(s->home));

    auto addresses = co_await attempt->look_up(target.host, target.port, limit);
    if (addresses.empty()) co_return failed_or_late(limit, "The name has no address.");

    bool is_connected = false;
    for (std::size_t i = 0; i < addresses.size() && !is_connected; ++i) {
        const auto until = share_of(std::chrono::steady_clock::now(), limit, addresses.size() - i);
        is_connected = co_await attempt->connect(addresses[i], until);
    }
    if (!is_connected) co_return failed_or_late(limit, "No connection could be made.");

    std::unique_ptr<tls_session> tls;
    if (target.is_tls) {
        tls = tls_session::to(s->tls->native_handle(), attempt->native(), target.host);
        const auto is_trusted = co_await attempt->shake_hands(*tls, limit);
        if (!is_trusted) co_return failed_or_late(limit, "No TLS: " + tls->fault() + ".");
    }
    co_return std::make_unique<connection>(s->home, attempt->release(), std::move(tls));
}

} // namespace byot::net
