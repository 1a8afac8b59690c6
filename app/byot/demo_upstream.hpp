#pragma once

#include "core/url.hpp"
#include "http/local_server.hpp"

namespace byot::app {

/// A small server that speaks Genkit's protocol, for `byot dev`: flow `echo` answers its data, flow
/// `interview` asks a question word by word and names the last four characters of the key it was given.
/// Listens on a free port of 127.0.0.1.
class demo_upstream final : private http::local_service {
public:
    explicit demo_upstream(net::reactor& home);

    /// Its base.
    url address() const;
    void start() { server_.start(); }
    task<void> drain(steady_time limit);

private:
    task<void> answer(http::local_exchange& asked) override;

    http::local_server server_;
};

} // namespace byot::app
