#pragma once

#include "http/local_server.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace byot::app {

/// The operator's port: `GET /metrics`, on 127.0.0.1 only, served by one reactor.
class admin final : private http::local_service {
public:
    /// `text` gives what /metrics answers. Throws boost::system::system_error when the port is taken.
    admin(net::reactor& home, std::uint16_t port, std::function<task<std::string>()> text);

    void start() { server_.start(); }
    task<void> drain(steady_time limit);

private:
    task<void> answer(http::local_exchange& asked) override;

    std::function<task<std::string>()> text_;
    http::local_server server_;
};

} // namespace byot::app
