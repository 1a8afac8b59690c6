#include "net/connector.hpp"

#include "core/file_descriptor.hpp"
#include "net/connect_operation.hpp"
#include "net/name_lookup.hpp"

#include <boost/asio/ssl/context.hpp>

#include <utility>

namespace byot::net {
namespace {

// Whatever way its owner ends, by being destroyed too, the operation's handlers resume nobody after
// that.
struct abandoning {
    explicit abandoning(std::shared_ptr<connect_operation> o) : held(std::move(o)) {}
    ~abandoning() { held->abandon(); }
    abandoning(const abandoning&) = delete;
    abandoning& operator=(const abandoning&) = delete;
    connect_operation* operator->() const noexcept { return held.get(); }
    std::shared_ptr<connect_operation> held;
};

found_names those(const std::vector<boost::asio::ip::address>& addresses) {
    found_names known;
    known.what = found_names::outcome::found;
    for (const auto& one : addresses) known.endpoints.emplace_back(one, 0);
    return known;
}

/// In the order that a resolver gives them in (RFC 6724).
found_names of_localhost() {
    return those({boost::asio::ip::address_v6::loopback(), boost::asio::ip::address_v4::loopback()});
}

failure why_no_address(found_names::outcome what) {
    switch (what) {
    case found_names::outcome::no_means:
        return failure(reason::overloaded);
    case found_names::outcome::late:
        return failure(reason::upstream_timeout, "The name was not looked up in time.");
    default:
        return failure(reason::upstream_unreachable, "The name has no address.");
    }
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
    name_lookup names{home};

    state(reactor& home_, std::shared_ptr<boost::asio::ssl::context> tls_)
        : home(home_), tls(std::move(tls_)) {}

    /// An address needs no resolver, and so nothing of what may be wrong with one; nor does localhost.
    task<found_names> addresses_of(std::string host, steady_time limit) {
        boost::system::error_code not_an_address;
        const auto address = boost::asio::ip::make_address(host, not_an_address);
        if (!not_an_address) co_return those({address});
        if (is_localhost(host)) co_return of_localhost();
        co_return co_await names.look_up(std::move(host), limit);
    }
};

connector::connector(reactor& home, std::shared_ptr<boost::asio::ssl::context> tls)
    : state_(std::make_shared<state>(home, std::move(tls))) {}

connector::~connector() = default;

task<result<std::unique_ptr<connection>>> connector::connect(const origin& where, steady_time limit) {
    const auto s = state_;
    const auto target = where; // NOLINT(performance-unnecessary-copy-initialization): it may go while we wait
    const abandoning attempt(std::make_shared<connect_operation>(s->home));

    auto names = co_await s->addresses_of(target.host, limit);
    if (names.endpoints.empty()) co_return why_no_address(names.what);

    for (auto& one : names.endpoints) one.port(target.port);
    const auto addresses = in_attempt_order(std::move(names.endpoints));
    const auto is_connected = co_await attempt->connect(addresses, limit);
    if (attempt->is_out_of_means()) co_return failure(reason::overloaded);
    if (!is_connected) co_return failed_or_late(limit, "No connection could be made.");

    std::unique_ptr<tls_session> tls;
    if (target.is_tls) {
        tls = tls_session::to(s->tls->native_handle(), attempt->native(), target.host);
        const auto is_trusted = co_await attempt->shake_hands(*tls, limit);
        if (!is_trusted) co_return failed_or_late(limit, "No TLS: " + tls->fault() + ".");
    }
    file_descriptor connected(attempt->release());
    auto made = std::make_unique<connection>(s->home, std::move(connected), std::move(tls));
    if (!made->is_open()) co_return failure(reason::overloaded); // the system has no room to watch it
    co_return made;
}

} // namespace byot::net
