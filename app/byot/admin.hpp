#pragma once

#include "http/server.hpp"
#include "net/reactor.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace byot::app {

/// The operator's port: `GET /metrics`, on 127.0.0.1 only, served by one reactor.
class admin {
public:
    /// `text` gives what /metrics answers. Throws boost::system::system_error when the port is taken.
    admin(net::reactor& home, std::uint16_t port, std::function<task<std::string>()> text);

    void start();
    task<void> drain(steady_time limit);

private:
    task<void> answer(http::exchange& exchange);

    net::reactor& home_;
    std::function<task<std::string>()> text_;
    http::server server_;
};

} // namespace byot::app
