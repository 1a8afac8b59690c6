#pragma once

#include "core/url.hpp"
#include "http/server.hpp"
#include "net/reactor.hpp"

#include <memory>

namespace byot::app {

/// A small server that speaks Genkit's protocol, for `byot dev`: flow `echo` answers its data, flow
/// `interview` asks a question word by word and names the last four characters of the key it was given.
/// Listens on a free port of 127.0.0.1.
class demo_upstream {
public:
    explicit demo_upstream(net::reactor& home);

    /// Its base.
    url address() const;
    void start();
    task<void> drain(steady_time limit);

private:
    task<void> answer(http::exchange& exchange);

    net::reactor& home_;
    http::server server_;
    std::uint16_t port_;
};

} // namespace byot::app
