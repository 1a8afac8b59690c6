#include "net/fixture.hpp"
#include "net/opening.hpp"
#include "net/raw_socket.hpp"

#include <vector>

using namespace byot;
using namespace byot::net;
using namespace byot::net::testing;

namespace {

boost::asio::ip::tcp::endpoint at(std::uint16_t port) {
    return {boost::asio::ip::address_v4::loopback(), port};
}

/// A port whose queue is full: who connects gets no answer.
struct full_listener {
    raw_listener listener{0};
    std::vector<raw_socket> waiting;

    full_listener() {
        for (int i = 0; i < 4; ++i) {
            raw_socket client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            const auto address = loopback(listener.port());
            static_cast<void>(
                ::connect(client.native(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
            waiting.push_back(std::move(client));
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(openings, reactor_fixture)

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_does_not_spoil_the_next) {
    const full_listener silent;
    const raw_listener open;
    auto body = [&]() -> task<void> {
        const auto attempt = std::make_shared<opening>(home);
        const auto first = co_await attempt->connect(at(silent.listener.port()), steady_now() + 20ms);
        BOOST_TEST(!first);
        const auto second = co_await attempt->connect(at(open.port()), soon());
        BOOST_TEST(second);
        const raw_socket connected(attempt->release());
        BOOST_TEST(connected.native() >= 0);
    };
    run(body());
}

BOOST_AUTO_TEST_CASE(a_step_that_was_abandoned_resumes_nobody) {
    const full_listener silent;
    bool is_resumed = false;
    const auto attempt = std::make_shared<opening>(home);
    auto caller = [&]() -> owned_coroutine {
        auto connecting = attempt->connect(at(silent.listener.port()), steady_now() + 5ms);
        co_await connecting;
        is_resumed = true;
    };
    {
        auto waiting = caller();
        attempt->abandon();
    }
    auto body = [&]() -> task<void> { co_await home.sleep_until(steady_now() + 20ms); };
    run(body());
    BOOST_TEST(!is_resumed);
}

BOOST_AUTO_TEST_SUITE_END()
